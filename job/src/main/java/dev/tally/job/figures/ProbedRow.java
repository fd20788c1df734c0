package dev.tally.job.figures;

import dev.tally.aggregate.Recount;
import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.sink.ItemTable;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Member;
import dev.tally.view.Membership;
import dev.tally.view.ViewSpec;
import java.util.Arrays;
import java.util.List;

/** The row of one view that the probe's item alone makes, and what it shows of its changes. */
final class ProbedRow implements AutoCloseable {

    private static final Membership.Problems UNHEARD = (problem, reason) -> {};

    private final Membership membership;
    private final Item key;
    private final ItemTable target;
    private final Latencies latencies = new Latencies();

    private ProbedRow(Membership membership, Item key, ItemTable target) {
        this.membership = membership;
        this.key = key;
        this.target = target;
    }

    /**
     * @param target table of the view's rows
     * @param targetKey its key
     */
    static ProbedRow of(Membership membership, KeySchema targetKey, ItemTable target) {
        List<Value> values = member(membership, ProbeItem.changed(1)).group().values();
        Item key = Item.EMPTY;
        for (int i = 0; i < values.size(); i++) {
            key = key.with(targetKey.attributes().get(i).name(), values.get(i));
        }
        return new ProbedRow(membership, key, target);
    }

    /** Whether each change of the probe's item shows in a row of its own. */
    static boolean canShow(Membership membership) {
        Member own = member(membership, ProbeItem.changed(1));
        if (own == null || member(membership, ProbeItem.changed(2)) == null) {
            return false;
        }
        Member other = member(membership, ProbeItem.elsewhere());
        boolean alone = other == null || !other.group().equals(own.group());
        return alone
                && !Arrays.equals(
                        results(membership, ProbeItem.changed(1)),
                        results(membership, ProbeItem.changed(2)));
    }

    /** Null if the item is in no group, or in several. */
    private static Member member(Membership membership, Item item) {
        List<Member> members = membership.of(item, UNHEARD);
        return members.size() == 1 ? members.get(0) : null;
    }

    private static Value[] results(Membership membership, Item item) {
        Recount recount = new Recount(membership.view());
        Member member = member(membership, item);
        recount.add(member);
        return recount.results().get(member.group());
    }

    ViewSpec view() {
        return membership.view();
    }

    Latencies latencies() {
        return latencies;
    }

    void changed(Item item, long at) {
        latencies.changed(results(membership, item), at);
    }

    /** Reads the row if there is something to wait for. */
    void look() {
        if (latencies.awaited() == 0) {
            return;
        }
        Item row = target.get(key);
        List<MeasureSpec> measures = view().measures();
        Value[] seen = new Value[measures.size()];
        for (int i = 0; i < seen.length; i++) {
            seen[i] = row.get(measures.get(i).name());
        }
        latencies.seen(seen, System.nanoTime());
    }

    @Override
    public void close() {
        target.close();
    }
}
