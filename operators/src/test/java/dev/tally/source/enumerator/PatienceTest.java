package dev.tally.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.source.client.Shard;
import dev.tally.source.split.Fence;
import dev.tally.source.split.ShardSplit;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often listings are asked for, and when waiting for a shard ends. */
class PatienceTest {

    private static final long MINUTE = 60_000;

    private final Patience patience = new Patience(30_000);

    private static ShardGraph graph(Shard... listedLater) {
        ShardGraph graph = ShardGraph.pinned(List.of(new Shard("a", null, false)), 0);
        graph.listed(new Listing(List.of(listedLater), true, 0));
        return graph;
    }

    private static ShardGraph ended() {
        Shard shard = new Shard("a", null, true);
        ShardGraph graph = graph(shard);
        graph.assign(graph.node("a"), 0);
        ShardSplit.Position end = new ShardSplit.Position("7", true, 5, true);
        graph.reported(new ShardSplit("a", null, "arn", 1, new Fence(0, 0, 1), end), 0);
        return graph;
    }

    @Test
    void asksForNothingWithoutNeed() {
        assertThat(patience.wantsListing(graph(new Shard("a", null, false)), 0)).isFalse();
    }

    @Test
    void asksAtOnceAndThenLessAndLessOften() {
        ShardGraph graph = ended();
        int asked = 0;
        for (long now = 0; now < 2 * MINUTE; now += 100) {
            asked += patience.wantsListing(graph, now) ? 1 : 0;
        }
        assertThat(asked).isEqualTo(8);
        patience.endReached();
        assertThat(patience.wantsListing(graph, 2 * MINUTE)).isTrue();
    }

    @Test
    void aShardWhoseParentIsNotListedForTenMinutesIsAGap() {
        Shard orphan = new Shard("c", "b", false);
        ShardGraph graph = graph(new Shard("a", null, false), orphan);
        assertThat(patience.lostPatience(graph, 0)).isNull();
        assertThat(patience.lostPatience(graph, 10 * MINUTE - 1)).isNull();
        assertThat(patience.lostPatience(graph, 10 * MINUTE)).isEqualTo("c");
    }

    @Test
    void aParentThatShowsInTimeEndsTheWait() {
        Shard orphan = new Shard("c", "b", false);
        ShardGraph graph = graph(new Shard("a", null, false), orphan);
        patience.lostPatience(graph, 0);
        Shard parent = new Shard("b", "a", false);
        graph.listed(new Listing(List.of(new Shard("a", null, false), parent, orphan), true, 0));
        assertThat(patience.lostPatience(graph, 20 * MINUTE)).isNull();
    }

    @Test
    void anEndWithoutAChildHoldsReadyForTenMinutes() {
        ShardGraph graph = ended();
        patience.lostPatience(graph, 0);
        assertThat(patience.excused()).isEmpty();
        assertThat(patience.lostPatience(graph, 10 * MINUTE)).isNull();
        assertThat(patience.excused()).containsExactly("a");
    }
}
