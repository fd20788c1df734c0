package dev.tally.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.source.client.Shard;
import dev.tally.source.split.Fence;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.ShardSplit.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Lineage: what may be read, by whom, what is done, forgotten and lost. */
class ShardGraphTest {

    private static final long HORIZON = 100;

    private static Shard shard(String id, String parent) {
        return new Shard(id, parent, false);
    }

    private static ShardGraph pinned(Shard... shards) {
        return ShardGraph.pinned(List.of(shards), HORIZON);
    }

    private static List<String> list(ShardGraph graph, Shard... shards) {
        return graph.listed(new Listing(List.of(shards), true, 0));
    }

    private static List<String> ids(List<ShardNode> nodes) {
        return nodes.stream().map(ShardNode::shardId).collect(Collectors.toList());
    }

    private static ShardSplit split(String id, boolean passed, long readUpTo, boolean finished) {
        return new ShardSplit(
                id,
                null,
                "arn",
                1,
                new Fence(0, 0, 1),
                new Position("7", passed, readUpTo, finished));
    }

    private static void read(ShardGraph graph, String id, int subtask, long upTo) {
        graph.reported(split(id, true, upTo, false), subtask);
    }

    private static void end(ShardGraph graph, String id, int subtask) {
        graph.reported(split(id, true, 200, true), subtask);
    }

    private static void assignAll(ShardGraph graph, int subtask) {
        graph.readable().forEach(node -> graph.assign(node, subtask));
    }

    private static void complete(ShardGraph graph, long checkpoint) {
        graph.checkpointBegins(checkpoint);
        graph.checkpointCompleted(checkpoint, 1, new CertainEnds());
    }

    @Nested
    class Order {

        @Test
        void readsAParentBeforeItsChildren() {
            ShardGraph graph = pinned(shard("a", null), shard("b", "a"), shard("c", "a"));
            assertThat(ids(graph.readable())).containsExactly("a");
            assignAll(graph, 3);
            assertThat(graph.readable()).isEmpty();
            end(graph, "a", 3);
            assertThat(ids(graph.readable())).containsExactly("b", "c");
        }

        @Test
        void readsShardsWhoseParentsWereGoneAtThePin() {
            ShardGraph graph = pinned(shard("b", "a"), shard("c", "b"));
            assertThat(ids(graph.readable())).containsExactly("b");
        }

        @Test
        void letsAChildWaitForAParentThatIsListedLater() {
            ShardGraph graph = pinned(shard("a", null));
            list(graph, shard("a", null), shard("c", "b"));
            assignAll(graph, 0);
            end(graph, "a", 0);
            assertThat(graph.readable()).isEmpty();
            assertThat(graph.orphans()).containsExactly("c");
            list(graph, shard("a", null), shard("b", "a"), shard("c", "b"));
            assertThat(graph.orphans()).isEmpty();
            assertThat(ids(graph.readable())).containsExactly("b");
        }

        @Test
        void putsAParentBeforeARootThatHasNotBeenStarted() {
            ShardGraph graph = pinned(shard("b", "a"));
            list(graph, shard("a", null), shard("b", "a"));
            assertThat(ids(graph.readable())).containsExactly("a");
        }

        @Test
        void namesAParentThatShowsAfterItsChildWasStarted() {
            ShardGraph graph = pinned(shard("b", "a"));
            assignAll(graph, 0);
            assertThat(list(graph, shard("a", null), shard("b", "a"))).containsExactly("a");
        }

        @Test
        void cannotBeReadOnAtAPinThatShowsSuchAParent() {
            ShardGraph graph = pinned(shard("b", "a"));
            assignAll(graph, 0);
            assertThat(graph.readsOn(List.of(shard("a", null), shard("b", "a")))).isFalse();
        }

        @Test
        void isReadOnAtAPinWithoutTheParentThatAChildWaitsFor() {
            ShardGraph graph = pinned(shard("a", null));
            list(graph, shard("a", null), shard("c", "b"));
            assertThat(graph.readsOn(List.of(shard("a", null), shard("c", "b")))).isTrue();
            assertThat(graph.orphans()).isEmpty();
            assertThat(ids(graph.readable())).containsExactly("a", "c");
        }

        @Test
        void toleratesAnOpenParentWithChildren() {
            ShardGraph graph = pinned(new Shard("a", null, false), new Shard("b", "a", true));
            assertThat(ids(graph.readable())).containsExactly("a");
        }

        @Test
        void oneLineageDoesNotStopAnother() {
            ShardGraph graph = pinned(shard("a", null), shard("x", null), shard("y", "x"));
            assignAll(graph, 0);
            end(graph, "x", 0);
            list(graph, shard("a", null), shard("x", null), shard("y", "x"), shard("q", "p"));
            assertThat(ids(graph.readable())).containsExactly("y");
        }
    }

    @Nested
    class Inheritance {

        @Test
        void leavesChildrenToTheSubtaskThatReadTheParent() {
            ShardGraph graph = pinned(shard("a", null), shard("b", "a"));
            assignAll(graph, 3);
            end(graph, "a", 3);
            assertThat(graph.heir(graph.node("b"))).isEqualTo(3);
        }

        @Test
        void handsOnTheFenceAndHowFarItWasRead() {
            ShardGraph graph = pinned(shard("a", null), shard("b", "a"));
            assignAll(graph, 0);
            end(graph, "a", 0);
            assignAll(graph, 0);
            assertThat(graph.node("b").fencePassed()).isTrue();
            assertThat(graph.node("b").readUpTo()).isEqualTo(200);
        }

        @Test
        void forgetsWhatALostAttemptSawOfTheFence() {
            ShardGraph graph = pinned(shard("a", null));
            assignAll(graph, 0);
            read(graph, "a", 0, 500);
            graph.reset(0, List.of(split("a", false, HORIZON, false)));
            assignAll(graph, 0);
            assertThat(graph.node("a").fencePassed()).isFalse();
            assertThat(graph.node("a").readUpTo()).isEqualTo(HORIZON);
        }
    }

    @Nested
    class Restarts {

        @Test
        void aReturnedChildWaitsForItsParentsEndToBeReportedAgain() {
            ShardGraph graph = pinned(shard("a", null), shard("b", "a"));
            assignAll(graph, 0);
            complete(graph, 1);
            end(graph, "a", 0);
            assignAll(graph, 0);
            graph.reset(0, List.of(split("b", false, HORIZON, false)));
            assertThat(graph.readable()).isEmpty();
            end(graph, "a", 0);
            assertThat(ids(graph.readable())).containsExactly("b");
        }

        @Test
        void anEndInACompletedCheckpointStays() {
            ShardGraph graph = pinned(shard("a", null), shard("b", "a"));
            assignAll(graph, 0);
            end(graph, "a", 0);
            complete(graph, 1);
            graph.reset(0, List.of());
            assertThat(ids(graph.readable())).containsExactly("b");
        }

        @Test
        void aLateNotificationOfAnEarlierCheckpointMakesNothingCertain() {
            ShardGraph graph = pinned(shard("a", null));
            assignAll(graph, 0);
            graph.checkpointBegins(1);
            end(graph, "a", 0);
            CertainEnds ends = new CertainEnds();
            graph.checkpointCompleted(1, 1, ends);
            assertThat(ends.bySubtask()).isEmpty();
            graph.checkpointBegins(2);
            graph.checkpointCompleted(2, 1, ends);
            assertThat(ends.bySubtask()).containsEntry(0, List.of("shard-1-a"));
        }

        @Test
        void tellsAReaderThatItsEndIsKnown() {
            ShardGraph graph = pinned(shard("a", null));
            assignAll(graph, 0);
            end(graph, "a", 0);
            complete(graph, 1);
            assertThat(graph.reported(split("a", true, 200, true), 0)).isTrue();
            assertThat(graph.reported(split("long ago", true, 200, true), 0)).isTrue();
        }

        @Test
        void refusesShardsThatNobodyAssigned() {
            ShardGraph graph = pinned(shard("a", null));
            assertThatThrownBy(() -> read(graph, "a", 0, 1)).hasMessageContaining("not given");
            assertThatThrownBy(() -> read(graph, "z", 0, 1)).hasMessageContaining("no listing");
        }

        @Test
        void knowsWhatNobodyHasAfterARestore() {
            ShardGraph graph = pinned(shard("a", null), shard("b", "a"));
            assignAll(graph, 0);
            ShardGraph restored = ShardGraph.restored(graph.state());
            assertThat(restored.unclaimed()).containsExactly("a");
            assertThat(restored.readUpTo()).isZero();
            read(restored, "a", 5, 300);
            assertThat(restored.unclaimed()).isEmpty();
            assertThat(restored.reading(5)).isEqualTo(1);
        }
    }

    @Nested
    class Losses {

        private final List<Shard> listing = new ArrayList<>();

        private void listTimes(ShardGraph graph, int times) {
            for (int i = 0; i < times; i++) {
                graph.listed(new Listing(listing, true, 0));
            }
        }

        @Test
        void aWaitingShardThatIsNoLongerListedIsLost() {
            ShardGraph graph = pinned(shard("a", null), shard("b", "a"));
            listing.add(shard("a", null));
            listTimes(graph, ShardGraph.MISSING_MAX - 1);
            assertThat(graph.lost()).isEmpty();
            assertThat(graph.wantsListing()).isTrue();
            listTimes(graph, 1);
            assertThat(ids(graph.lost())).containsExactly("b");
        }

        @Test
        void oneMissingLineMeansNothing() {
            ShardGraph graph = pinned(shard("a", null), shard("b", "a"));
            listTimes(graph, ShardGraph.MISSING_MAX - 1);
            list(graph, shard("a", null), shard("b", "a"));
            listTimes(graph, ShardGraph.MISSING_MAX - 1);
            assertThat(graph.lost()).isEmpty();
        }

        @Test
        void oneThatIsBeingReadIsNotJudgedByListings() {
            ShardGraph graph = pinned(shard("a", null));
            assignAll(graph, 0);
            read(graph, "a", 0, 300);
            listTimes(graph, 10);
            assertThat(graph.lost()).isEmpty();
            assertThat(graph.fading()).isEmpty();
        }

        @Test
        void oneThatFadesBeforeTheFenceIsNamed() {
            ShardGraph graph = pinned(shard("a", null));
            assignAll(graph, 0);
            listTimes(graph, ShardGraph.MISSING_MAX);
            assertThat(ids(graph.fading())).containsExactly("a");
        }

        @Test
        void forgetsAFinishedShardOnlyWhenItsChildIsCertainlyWithAReader() {
            ShardGraph graph = pinned(shard("a", null), shard("b", "a"));
            assignAll(graph, 0);
            end(graph, "a", 0);
            complete(graph, 1);
            listing.add(shard("b", "a"));
            listTimes(graph, 10);
            assertThat(graph.node("a")).isNotNull();
            assignAll(graph, 0);
            complete(graph, 2);
            listTimes(graph, 1);
            assertThat(graph.node("a")).isNull();
            listTimes(graph, 1);
            assertThat(graph.orphans()).isEmpty();
        }

        @Test
        void aForgottenShardThatIsListedAgainIsNotRead() {
            ShardGraph graph = pinned(shard("a", null), shard("b", "a"));
            assignAll(graph, 0);
            end(graph, "a", 0);
            assignAll(graph, 0);
            complete(graph, 1);
            listing.add(shard("b", "a"));
            listTimes(graph, ShardGraph.MISSING_MAX);
            assertThat(graph.node("a")).isNull();
            assertThat(list(graph, shard("a", null), shard("b", "a"))).isEmpty();
            assertThat(graph.readable()).isEmpty();
        }
    }

    @Nested
    class Progress {

        @Test
        void isPastAMomentWhenEveryOpenShardIs() {
            ShardGraph graph = pinned(shard("a", null), shard("b", null));
            assertThat(graph.allPast(300, Set.of())).isFalse();
            assignAll(graph, 0);
            read(graph, "a", 0, 300);
            read(graph, "b", 0, 299);
            assertThat(graph.allPast(300, Set.of())).isFalse();
            assertThat(graph.readUpTo()).isEqualTo(299);
            read(graph, "b", 0, 301);
            assertThat(graph.allPast(300, Set.of())).isTrue();
        }

        @Test
        void aStreamThatShowsNoShardsYetIsPastNothing() {
            assertThat(pinned().allPast(300, Set.of())).isFalse();
            assertThat(pinned().readUpTo()).isZero();
        }

        @Test
        void waitsForTheChildOfAnEnd() {
            ShardGraph graph = pinned(shard("a", null));
            assignAll(graph, 0);
            end(graph, "a", 0);
            assertThat(graph.endsWithoutChild()).containsExactly("a");
            assertThat(graph.wantsListing()).isTrue();
            assertThat(graph.allPast(300, Set.of())).isFalse();
            assertThat(graph.allPast(300, Set.of("a"))).isTrue();
            list(graph, shard("a", null), shard("b", "a"));
            assertThat(graph.allPast(300, Set.of())).isFalse();
            assignAll(graph, 0);
            read(graph, "b", 0, 300);
            assertThat(graph.allPast(300, Set.of())).isTrue();
        }

        @Test
        void aChildOfALineagePastTheMomentStaysPast() {
            ShardGraph graph = pinned(shard("a", null));
            assignAll(graph, 0);
            graph.reported(split("a", true, 300, true), 0);
            assertThat(graph.allPast(300, Set.of())).isTrue();
        }
    }
}
