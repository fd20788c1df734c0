package dev.tally.source.enumerator;

import static dev.tally.source.enumerator.EnumeratorRig.done;
import static dev.tally.source.enumerator.EnumeratorRig.ended;
import static dev.tally.source.enumerator.EnumeratorRig.read;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.source.client.ClientException.Kind;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults.Call;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.SegmentSplit;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** Pin, assignment, restarts and ready of one table; its failures are another test's. */
class DynamoDbEnumeratorTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration SOME = Duration.ofSeconds(5);
    private static final long LONG_AGO = EnumeratorRig.START - 60_000;

    private static EnumeratorRig rig(int partitions, int parallelism) {
        return new EnumeratorRig(ViewType.NEW_AND_OLD_IMAGES, partitions, parallelism);
    }

    private static EnumeratorRig running(int partitions, int parallelism) {
        return rig(partitions, parallelism).launch(null).registerAll().pass(SOME);
    }

    @Nested
    class Pins {

        @Test
        void assignsNothingBeforeThePinIsInItsState() {
            EnumeratorRig rig = rig(2, 1).launch(null).registerAll();
            assertThat(rig.enumerator.snapshotState(1).pin()).isNull();
            assertThat(rig.assigned).isEmpty();
            rig.pass(SOME);
            assertThat(rig.enumerator.snapshotState(2).pin()).isNotNull();
            assertThat(rig.take(0)).hasSize(4);
        }

        @Test
        void fencesAQuarterOfAnHourBeforeThePin() {
            EnumeratorRig rig = running(1, 1);
            ShardSplit shard = rig.takeShards(0).get(0);
            assertThat(shard.fence().generation()).isEqualTo(EnumeratorRig.START);
            assertThat(shard.fence().time()).isEqualTo(EnumeratorRig.START - 900_000);
            assertThat(shard.fence().before()).isZero();
            assertThat(shard.sequenceNumber()).isNull();
        }

        @Test
        void startsAtTheTrimHorizonWithoutFenceOrScan() {
            EnumeratorRig rig = rig(1, 1);
            rig.start = TableSpec.Start.TRIM_HORIZON;
            List<TableSplit> splits = rig.launch(null).registerAll().pass(SOME).take(0);
            assertThat(splits).hasSize(1);
            ShardSplit shard = (ShardSplit) splits.get(0);
            assertThat(shard.fence().before()).isEqualTo(shard.fence().generation());
        }

        @Test
        void startsWithTheLatestByAFenceAtThePin() {
            EnumeratorRig rig = rig(1, 1);
            rig.start = TableSpec.Start.LATEST;
            List<TableSplit> splits = rig.launch(null).registerAll().pass(SOME).take(0);
            assertThat(splits).hasSize(1);
            ShardSplit shard = (ShardSplit) splits.get(0);
            assertThat(shard.fence().time()).isEqualTo(EnumeratorRig.START);
            assertThat(shard.fence().before()).isZero();
            assertThat(shard.sequenceNumber()).isNull();
        }

        @Test
        void putsShardsBeforeSegmentsAndSpreadsBoth() {
            EnumeratorRig rig = running(4, 2);
            for (int subtask = 0; subtask < 2; subtask++) {
                List<TableSplit> splits = rig.take(subtask);
                assertThat(splits).hasSize(3);
                assertThat(splits.get(0)).isInstanceOf(ShardSplit.class);
                assertThat(splits.get(2)).isInstanceOf(SegmentSplit.class);
            }
        }

        @Test
        void waitsForAllReadersSoThatTheLoadIsEven() {
            EnumeratorRig rig = rig(4, 2).launch(null).register(0).pass(SOME);
            assertThat(rig.assigned).isEmpty();
            rig.register(1);
            assertThat(rig.assigned).containsOnlyKeys(0, 1);
        }

        @Test
        void retriesWhatIsThrottledOrPassing() {
            EnumeratorRig rig = rig(1, 1);
            rig.faults.failNext(Call.DESCRIBE_TABLE, Kind.TRANSIENT, 3);
            rig.faults.failNext(Call.DESCRIBE_STREAM, Kind.THROTTLED, 3);
            rig.launch(null).registerAll().pass(Duration.ofSeconds(20));
            assertThat(rig.take(0)).isNotEmpty();
            assertThat(rig.context.metrics().count("retries")).isEqualTo(6);
        }
    }

    @Nested
    class Children {

        @Test
        void areAssignedAtOnceToTheSubtaskThatReachedTheParentsEnd() {
            EnumeratorRig rig = running(2, 2);
            rig.take(0);
            ShardSplit parent = rig.takeShards(1).get(0);
            rig.table.rollOver();
            rig.pass(Duration.ofSeconds(40));
            assertThat(rig.takeShards(1)).isEmpty();
            rig.report(1, ended(parent, LONG_AGO));
            List<ShardSplit> children = rig.takeShards(1);
            assertThat(children).hasSize(1);
            assertThat(children.get(0).parentShardId()).isEqualTo(parent.shardId());
            assertThat(children.get(0).fencePassed()).isTrue();
            assertThat(children.get(0).readUpTo()).isEqualTo(LONG_AGO);
            assertThat(rig.takeShards(0)).isEmpty();
        }

        @Test
        void areLookedForTheMomentAnEndIsReached() {
            EnumeratorRig rig = running(1, 1);
            ShardSplit parent = rig.takeShards(0).get(0);
            rig.pass(SOME);
            rig.table.rollOver();
            rig.report(0, ended(parent, LONG_AGO));
            assertThat(rig.takeShards(0)).hasSize(1);
        }

        @Test
        void areLookedForAtABoundedRate() {
            EnumeratorRig rig = running(1, 1);
            ShardSplit parent = rig.takeShards(0).get(0);
            rig.faults.listingDelay(Duration.ofDays(1).toMillis());
            rig.table.rollOver();
            int before = rig.faults.calls(Call.DESCRIBE_STREAM);
            rig.report(0, ended(parent, LONG_AGO));
            rig.pass(Duration.ofMinutes(2));
            int calls = rig.faults.calls(Call.DESCRIBE_STREAM) - before;
            assertThat(calls).isBetween(5, 15);
            rig.faults.listingDelay(0);
            rig.pass(Duration.ofSeconds(31));
            assertThat(rig.takeShards(0)).hasSize(1);
        }
    }

    @Nested
    class Restarts {

        @Test
        void giveBackWhatTheCheckpointDoesNotHold() {
            EnumeratorRig rig = running(2, 1);
            List<TableSplit> first = rig.take(0);
            rig.fail(0, 0);
            rig.pass(SOME);
            assertThat(rig.assigned).isEmpty();
            rig.register(0);
            assertThat(rig.take(0)).isEqualTo(first);
        }

        @Test
        void keepAChildUntilTheParentsEndIsReportedAgain() {
            EnumeratorRig rig = running(1, 1);
            ShardSplit parent = rig.takeShards(0).get(0);
            rig.checkpoint(1);
            rig.table.rollOver();
            rig.report(0, ended(parent, LONG_AGO));
            assertThat(rig.takeShards(0)).hasSize(1);
            rig.fail(0, 1);
            rig.register(0, read(parent, LONG_AGO));
            rig.pass(SOME);
            assertThat(rig.takeShards(0)).isEmpty();
            rig.report(0, ended(parent, LONG_AGO));
            assertThat(rig.takeShards(0)).hasSize(1);
        }

        @Test
        void withAnEmptyListForgetAnEndToo() {
            EnumeratorRig rig = running(1, 2);
            int subtask = rig.assigned.get(0).get(0) instanceof ShardSplit ? 0 : 1;
            ShardSplit parent = rig.takeShards(subtask).get(0);
            rig.checkpoint(1);
            rig.report(subtask, ended(parent, LONG_AGO));
            rig.fail(subtask, 1);
            rig.table.rollOver();
            rig.register(subtask, read(parent, LONG_AGO));
            rig.pass(SOME);
            assertThat(rig.takeShards(subtask)).isEmpty();
        }

        @Test
        void letALineageWaitForItsOwnSubtask() {
            EnumeratorRig rig = running(2, 2);
            ShardSplit parent = rig.takeShards(0).get(0);
            rig.take(1);
            rig.report(0, ended(parent, LONG_AGO));
            rig.checkpoint(1);
            rig.fail(0, 1);
            rig.table.rollOver();
            rig.pass(Duration.ofSeconds(40));
            assertThat(rig.takeShards(1)).isEmpty();
            rig.register(0, ended(parent, LONG_AGO));
            assertThat(rig.takeShards(0)).hasSize(1);
        }

        @Test
        void tellReadersWhichEndsACompletedCheckpointHolds() {
            EnumeratorRig rig = running(1, 1);
            ShardSplit parent = rig.takeShards(0).get(0);
            rig.report(0, ended(parent, LONG_AGO));
            rig.orders.clear();
            rig.checkpoint(1);
            assertThat(rig.orders.get(0))
                    .extracting(ReaderOrder::certain)
                    .containsExactly(List.of(parent.splitId()));
            rig.orders.clear();
            rig.report(0, ended(parent, LONG_AGO));
            assertThat(rig.orders.get(0))
                    .extracting(ReaderOrder::certain)
                    .containsExactly(List.of(parent.splitId()));
        }

        @Test
        void goOnFromStateWithTheReadersPositions() {
            EnumeratorRig rig = running(1, 1);
            List<TableSplit> had = new ArrayList<>(rig.take(0));
            EnumeratorState state = rig.checkpoint(1);
            rig.table.rollOver();
            rig.launch(state).register(0, had.toArray(new TableSplit[0])).pass(SOME);
            assertThat(rig.take(0)).isEmpty();
            rig.report(0, ended((ShardSplit) had.get(0), LONG_AGO));
            assertThat(rig.takeShards(0)).hasSize(1);
        }
    }

    @Nested
    class Ready {

        private final EnumeratorRig rig = running(1, 2);
        private ShardSplit shard;

        /** All segments done, the shard read up to the present. */
        private void readEverything() {
            for (int subtask = 0; subtask < 2; subtask++) {
                for (TableSplit split : rig.take(subtask)) {
                    if (split instanceof SegmentSplit) {
                        rig.report(subtask, done(split));
                    } else {
                        shard = (ShardSplit) split;
                    }
                }
            }
            rig.pass(SOME);
            readShard();
        }

        private void readShard() {
            rig.report(0, read(shard, rig.time.getAsLong()));
            rig.pass(SECOND.multipliedBy(2));
            rig.report(0, read(shard, rig.time.getAsLong()));
        }

        @Test
        void isSaidToAllAfterACheckpointBegunAfterwards() {
            rig.enumerator.snapshotState(1);
            readEverything();
            rig.enumerator.notifyCheckpointComplete(1);
            assertThat(rig.announced(0)).isEmpty();
            rig.checkpoint(2);
            assertThat(rig.announced(0)).containsExactly(EnumeratorRig.START);
            assertThat(rig.announced(1)).containsExactly(EnumeratorRig.START);
        }

        @Test
        void isNotSaidWhileAShardIsBehindTheEndOfTheScan() {
            long before = rig.time.getAsLong();
            readEverything();
            rig.fail(0, 0);
            rig.register(0);
            rig.report(0, read(shard, before));
            rig.pass(SOME);
            rig.checkpoint(2);
            assertThat(rig.announced(1)).isEmpty();
        }

        @Test
        void isSaidToAReaderThatComesLater() {
            readEverything();
            rig.checkpoint(1);
            rig.checkpoint(2);
            rig.orders.clear();
            rig.fail(1, 2);
            rig.register(1);
            assertThat(rig.announced(1)).containsExactly(EnumeratorRig.START);
            assertThat(rig.announced(0)).isEmpty();
        }

        @Test
        void isTakenBackIfAReaderStartsAgainBeforeTheCheckpointIsComplete() {
            readEverything();
            rig.enumerator.snapshotState(1);
            rig.context.checkpointBegins(1);
            rig.fail(0, 0);
            rig.enumerator.notifyCheckpointComplete(1);
            assertThat(rig.announced(1)).isEmpty();
        }

        @Test
        void mustHoldAgainAfterARestoreOfTheSameSubmission() {
            readEverything();
            rig.checkpoint(1);
            EnumeratorState state = rig.checkpoint(2);
            rig.launch(state).register(0, shard).register(1).pass(SOME);
            rig.checkpoint(3);
            assertThat(rig.announced(0)).isEmpty();
            rig.report(0, read(shard, state.settledAt()));
            rig.checkpoint(4);
            assertThat(rig.announced(0)).containsExactly(EnumeratorRig.START);
        }

        @Test
        void isAboutThePresentAfterANewSubmission() {
            readEverything();
            rig.checkpoint(1);
            EnumeratorState state = rig.checkpoint(2);
            rig.submission = 2;
            rig.time.advance(Duration.ofHours(1));
            rig.launch(state).register(0, shard).register(1).pass(SOME);
            rig.report(0, read(shard, state.settledAt()));
            rig.checkpoint(3);
            assertThat(rig.announced(0)).isEmpty();
            readShard();
            rig.checkpoint(4);
            assertThat(rig.announced(0)).containsExactly(EnumeratorRig.START);
        }
    }
}
