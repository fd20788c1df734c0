package dev.tally.view;

import dev.tally.item.AttributePath;
import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import dev.tally.view.MeasureSpec.Kind;
import dev.tally.view.Membership.Problem;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Short notation for memberships in tests; collects the problems that they tell. */
final class MembershipKit {

    /** As long as a partition key may be. */
    static final String LONG = "x".repeat(2048);

    static final KeySchema LIST = KeySchema.of(key("ListId", Type.S));

    private final List<String> problems = new ArrayList<>();

    List<String> problems() {
        return problems;
    }

    static final Grouping TAGS = new Grouping(AttributePath.parse("Tags"), true, null);

    static final MeasureSpec COUNT = new MeasureSpec("N", Kind.COUNT, null, null);

    static KeySchema.Attribute key(String name, Type type) {
        return new KeySchema.Attribute(name, type);
    }

    static AttributePath path(String text) {
        return AttributePath.parse(text);
    }

    static Grouping by(String path) {
        return new Grouping(path(path), false, null);
    }

    static Item item(String name, Value value) {
        return Item.of(Map.of(name, value));
    }

    static Membership membership(Map<String, String> mapping, KeySchema key, Grouping... groupBy) {
        return new Membership(view(mapping, List.of(COUNT), groupBy), key);
    }

    static ViewSpec view(
            Map<String, String> mapping, List<MeasureSpec> measures, Grouping... groupBy) {
        Target to =
                new Target(
                        "target",
                        null,
                        null,
                        null,
                        mapping,
                        0,
                        "_tally_v",
                        Target.EmptyGroup.ZERO,
                        Target.Freshness.COMMITTED,
                        Target.ExistingRows.REFUSE);
        return new ViewSpec(
                "v", "t", null, List.of(groupBy), measures, to, ViewSpec.RemovedView.FAIL);
    }

    List<List<Value>> groups(Membership membership, Item item) {
        return membership.of(item, this::note).stream()
                .map(member -> member.group().values())
                .collect(Collectors.toList());
    }

    void note(Problem problem, String reason) {
        problems.add(problem + " " + reason);
    }

    /** The problems without what they were met at. */
    String shortProblems() {
        return problems.stream()
                .map(p -> p.replaceAll(" cannot .*?: ", " "))
                .collect(Collectors.joining("; "));
    }
}
