package dev.tally.diff;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tally.change.DeadLetter;
import dev.tally.item.ItemKey;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.Member;
import dev.tally.view.Membership;
import dev.tally.view.Membership.Problem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;

/**
 * What an item's way through a bundle means to the views of its table: contributions to the groups
 * it left, entered or gives something else; touches of groups of eager views that it only passed
 * through; and a notice of what a view newly cannot use. Pure; on the task thread.
 */
final class ViewEffects {

    /** Takes what comes of an item. */
    interface Output {
        void contribution(Contribution contribution);

        /** An image has a problem that the one before the bundle did not have. */
        void problem(Problem problem);

        void deadLetter(DeadLetter letter);
    }

    private static final Membership.Problems UNHEARD = (problem, reason) -> {};

    private final ItemStageSpec spec;
    private final Coverage coverage;
    private final List<Membership> eager = new ArrayList<>();
    private final Output output;

    /** What the image before had, too; of the item and view at work. */
    private final Known known = new Known();

    ViewEffects(ItemStageSpec spec, Coverage coverage, Output output) {
        this.spec = spec;
        this.coverage = coverage;
        this.output = output;
        for (Membership view : spec.views()) {
            if (ItemStageSpec.eager(view)) {
                eager.add(view);
            }
        }
    }

    /**
     * Notes the groups of eager views that the item is in, before its image changes again within
     * the bundle. Groups where it gives the same as before the bundle need no note: if they end
     * otherwise, they get a contribution.
     */
    void passing(DirtyItem item) {
        if (eager.isEmpty() || item.now() == item.stored()) {
            return;
        }
        for (Membership view : eager) {
            long first = coverage.first(view.view().name());
            Map<GroupKey, Member> before = byGroup(view.of(item.before(first), UNHEARD));
            Map<GroupKey, Member> between = byGroup(view.of(item.after(first), UNHEARD));
            for (Member member : between.values()) {
                if (!member.equals(before.get(member.group()))) {
                    item.pass(member.group());
                }
            }
            for (GroupKey group : before.keySet()) {
                if (!between.containsKey(group)) {
                    item.pass(group);
                }
            }
        }
    }

    /** All that comes of the item's way, at the end of the bundle. */
    void emit(ItemKey key, DirtyItem item) {
        boolean same = item.unchanged(coverage.newestFirst());
        if (same && item.passed().isEmpty()) {
            return;
        }
        Set<GroupKey> touched = new LinkedHashSet<>(item.passed());
        if (!same) {
            for (Membership view : spec.views()) {
                contribute(view, key, item, touched);
            }
        }
        for (GroupKey group : touched) {
            send(group, item, coverage.first(group.view()), null, null);
        }
    }

    private void contribute(Membership view, ItemKey key, DirtyItem item, Set<GroupKey> touched) {
        long first = coverage.first(view.view().name());
        known.clear();
        List<Member> was = view.of(item.before(first), known);
        List<Member> is =
                view.of(
                        item.after(first),
                        (problem, reason) -> {
                            if (known.add(reason)) {
                                notice(view, key, item, problem, reason);
                            }
                        });
        if (was.size() <= 1 && is.size() <= 1) {
            change(
                    was.isEmpty() ? null : was.get(0),
                    is.isEmpty() ? null : is.get(0),
                    item,
                    first,
                    touched);
            return;
        }
        Map<GroupKey, Member> before = byGroup(was);
        Map<GroupKey, Member> after = byGroup(is);
        for (Member left : before.values()) {
            change(left, after.get(left.group()), item, first, touched);
        }
        for (Member entered : after.values()) {
            if (!before.containsKey(entered.group())) {
                change(null, entered, item, first, touched);
            }
        }
    }

    /** From one membership to another, of one group or of two; null for none. */
    private void change(
            Member before, Member after, DirtyItem item, long first, Set<GroupKey> touched) {
        boolean stays = before != null && after != null && before.group().equals(after.group());
        if (stays && Arrays.equals(before.inputs(), after.inputs())) {
            return;
        }
        if (before != null) {
            touched.remove(before.group());
            send(before.group(), item, first, before, stays ? after : null);
        }
        if (after != null && !stays) {
            touched.remove(after.group());
            send(after.group(), item, first, null, after);
        }
    }

    /**
     * A view that was complete at the base waits for that, whatever its items are stamped with: for
     * more after a loss, for less while others are built. One that is being built waits for all.
     */
    private void send(GroupKey group, DirtyItem item, long first, Member retract, Member add) {
        output.contribution(
                new Contribution(
                        group,
                        first <= item.base() ? item.base() : item.generation(),
                        item.time(),
                        retract == null ? null : retract.inputs(),
                        add == null ? null : add.inputs()));
    }

    private void notice(
            Membership view, ItemKey key, DirtyItem item, Problem problem, String reason) {
        output.problem(problem);
        if (problem == Problem.GROUP_MISSING) {
            return;
        }
        String name = view.view().name();
        String id = item.eventId();
        if (id == null) {
            id = EventIds.of(spec.table(), key, item.now());
        }
        output.deadLetter(
                new DeadLetter(
                        id + "/" + name + "/" + crc(reason),
                        "view " + name,
                        reason,
                        key.toItem(spec.key()),
                        item.now().version() == null ? null : item.now().version().toString(),
                        item.time(),
                        item.after()));
    }

    /** Tells the problems of one image and view apart: their sentences name the attributes. */
    private static String crc(String reason) {
        CRC32 crc = new CRC32();
        crc.update(reason.getBytes(UTF_8));
        return String.format("%08x", crc.getValue());
    }

    private static Map<GroupKey, Member> byGroup(List<Member> members) {
        if (members.isEmpty()) {
            return Map.of();
        }
        if (members.size() == 1) {
            return Map.of(members.get(0).group(), members.get(0));
        }
        Map<GroupKey, Member> map = new LinkedHashMap<>();
        for (Member member : members) {
            map.put(member.group(), member);
        }
        return map;
    }

    /** Reasons of problems. */
    private static final class Known implements Membership.Problems {

        private final Set<String> reasons = new HashSet<>();

        @Override
        public void problem(Problem problem, String reason) {
            reasons.add(reason);
        }

        boolean add(String reason) {
            return reasons.add(reason);
        }

        void clear() {
            reasons.clear();
        }
    }
}
