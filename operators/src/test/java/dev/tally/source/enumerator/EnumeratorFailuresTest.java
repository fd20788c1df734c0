package dev.tally.source.enumerator;

import static dev.tally.source.enumerator.EnumeratorRig.ended;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.source.GapException;
import dev.tally.source.SupersededException;
import dev.tally.source.TableUnusableException;
import dev.tally.source.client.ClientException.Kind;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults.Call;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.TableSplit;
import dev.tally.view.Progress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What ends a job for good, by which name, and what the status table hears. */
class EnumeratorFailuresTest {

    private static final Duration SOME = Duration.ofSeconds(5);

    private static EnumeratorRig rig(ViewType view) {
        return new EnumeratorRig(view, 1, 1);
    }

    private static EnumeratorRig running() {
        return rig(ViewType.NEW_AND_OLD_IMAGES).launch(null).registerAll().pass(SOME);
    }

    private static AbstractThrowableAssert<?, ?> assertStops(ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(SuppressRestartsException.class).cause();
    }

    @Nested
    class Tables {

        @Test
        void withoutAStreamAreRefusedWithTheCommandThatMakesOne() {
            EnumeratorRig rig = rig(null).launch(null);
            assertStops(() -> rig.pass(SOME))
                    .isInstanceOf(TableUnusableException.class)
                    .hasMessageContaining("cannot read table tasks (todoListTask): ")
                    .hasMessageContaining("no stream")
                    .hasMessageContaining(
                            "aws dynamodb update-table --table-name todoListTask --region eu-west-1"
                                    + " --stream-specification"
                                    + " StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES");
        }

        @Test
        void withKeysOnlyAreRefusedNamingWhatIsMissing() {
            EnumeratorRig rig = rig(ViewType.KEYS_ONLY).launch(null);
            assertStops(() -> rig.pass(SOME))
                    .hasMessageContaining("KEYS_ONLY")
                    .hasMessageContaining("NewImage, OldImage")
                    .hasMessageContaining("StreamEnabled=false");
        }

        @Test
        void withOldImagesOnlyAreRefusedNamingWhatIsMissing() {
            EnumeratorRig rig = rig(ViewType.OLD_IMAGE).launch(null);
            assertStops(() -> rig.pass(SOME))
                    .hasMessageContaining("OLD_IMAGE")
                    .hasMessageContaining("new images (NewImage)");
        }

        @Test
        void withNewImagesOnlyAreReadWithoutOldOnes() {
            EnumeratorRig rig = rig(ViewType.NEW_IMAGE).launch(null).registerAll().pass(SOME);
            assertThat(rig.orders.get(0)).extracting(ReaderOrder::oldImages).contains(false);
            assertThat(rig.take(0)).isNotEmpty();
        }

        @Test
        void whoseStreamIsOffAreRefusedAtAFreshStart() {
            EnumeratorRig rig = rig(ViewType.NEW_AND_OLD_IMAGES);
            rig.table.disableStream();
            rig.launch(null);
            assertStops(() -> rig.pass(SOME)).hasMessageContaining("no stream");
        }

        @Test
        void thatMayNotBeReadNameThePermissions() {
            EnumeratorRig rig = rig(ViewType.NEW_AND_OLD_IMAGES);
            rig.faults.failAll(Call.DESCRIBE_TABLE, Kind.ACCESS_DENIED);
            rig.launch(null);
            assertStops(() -> rig.pass(SOME))
                    .hasMessageContaining("dynamodb:DescribeTable")
                    .hasMessageContaining("dynamodb:GetRecords");
        }

        @Test
        void thatDoNotExistNameTheRegion() {
            EnumeratorRig rig = rig(ViewType.NEW_AND_OLD_IMAGES);
            rig.faults.failAll(Call.DESCRIBE_TABLE, Kind.NOT_FOUND);
            rig.launch(null);
            assertStops(() -> rig.pass(SOME)).hasMessageContaining("region eu-west-1");
        }

        @Test
        void whoseStreamVanishesBeforeItIsPinnedAreDescribedOnceMore() {
            EnumeratorRig rig = rig(ViewType.NEW_AND_OLD_IMAGES);
            rig.faults.failNext(Call.DESCRIBE_STREAM, Kind.NOT_FOUND, 1);
            rig.launch(null).registerAll().pass(Duration.ofSeconds(20));
            assertThat(rig.take(0)).isNotEmpty();
            assertThat(rig.faults.calls(Call.DESCRIBE_TABLE)).isEqualTo(2);
            assertThat(rig.context.metrics().count("gaps")).isZero();
        }

        @Test
        void thatVanishBeforeTheyArePinnedAreRefused() {
            EnumeratorRig rig = rig(ViewType.NEW_AND_OLD_IMAGES);
            rig.faults.failNext(Call.DESCRIBE_STREAM, Kind.NOT_FOUND, 1);
            rig.launch(null).registerAll().pass(Duration.ofMillis(20));
            rig.faults.failAll(Call.DESCRIBE_TABLE, Kind.NOT_FOUND);
            assertStops(() -> rig.pass(Duration.ofSeconds(20)))
                    .hasMessageContaining("there is no such table");
        }

        @Test
        void thatThrottleForLongMayAnswerWithErrorsToo() {
            EnumeratorRig rig = rig(ViewType.NEW_AND_OLD_IMAGES);
            rig.faults.failAll(Call.DESCRIBE_TABLE, Kind.THROTTLED);
            rig.launch(null).registerAll().pass(Duration.ofMinutes(10));
            rig.faults.failNext(Call.DESCRIBE_TABLE, Kind.TRANSIENT, 20);
            rig.pass(Duration.ofMinutes(10));
            assertThat(rig.take(0)).isNotEmpty();
            assertThat(rig.context.metrics().count("retries")).isGreaterThan(40);
        }

        @Test
        void thatDoNotAnswerFailTheTaskAfterBoundedRetries() {
            EnumeratorRig rig = rig(ViewType.NEW_AND_OLD_IMAGES);
            rig.faults.failAll(Call.DESCRIBE_TABLE, Kind.TRANSIENT);
            rig.launch(null);
            assertThatThrownBy(() -> rig.pass(Duration.ofMinutes(10)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("20 calls in a row have failed");
        }
    }

    @Nested
    class Gaps {

        private final EnumeratorRig rig = running();
        private final TableSplit[] had = rig.take(0).toArray(new TableSplit[0]);
        private final EnumeratorState state = rig.checkpoint(1);

        private AbstractThrowableAssert<?, ?> assertGap() {
            rig.launch(state);
            return assertStops(() -> rig.register(0, had).pass(SOME))
                    .isInstanceOf(GapException.class)
                    .hasMessageContaining("cannot go on reading table tasks (todoListTask): ")
                    .hasMessageContaining("Changes since 2023-11-14T22:13:")
                    .hasMessageContaining("Start without the savepoint");
        }

        @Test
        void anotherTableOfTheSameName() {
            rig.table.recreate();
            assertGap().hasMessageContaining("another table id");
            assertThat(rig.orders.get(0)).isNull();
        }

        @Test
        void anotherStreamThanInTheState() {
            rig.table.disableStream();
            rig.table.enableStream(ViewType.NEW_AND_OLD_IMAGES);
            assertGap().hasMessageContaining("switched off and on");
            assertThat(rig.orders.get(0)).isNull();
        }

        @Test
        void aCheckpointOlderThanTheStreamKeepsRecords() {
            rig.time.advance(Duration.ofHours(30));
            assertGap().hasMessageContaining("30 hours old");
            assertThat(rig.orders.get(0)).isNull();
        }

        @Test
        void aStreamSwitchedOffOnceItIsReadToItsEnd() {
            rig.table.disableStream();
            rig.launch(state).register(0, had).pass(SOME);
            ShardSplit shard = (ShardSplit) had[0];
            assertStops(() -> rig.report(0, ended(shard, rig.time.getAsLong())))
                    .isInstanceOf(GapException.class)
                    .hasMessageContaining("switched off, and is read to its end");
            assertThat(rig.context.metrics().count("gaps")).isEqualTo(1);
        }

        @Test
        void aSplitOfTheStateThatNoReaderHas() {
            rig.launch(state);
            assertThatThrownBy(() -> rig.register(0).pass(SOME))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("no reader has it (3 such splits)");
        }
    }

    @Nested
    class ExpiredShards {

        private final EnumeratorRig rig = rig(ViewType.NEW_AND_OLD_IMAGES);
        private ShardSplit parent;

        /** A parent being read and its child waiting; both close, and pass out of the listings. */
        private void expireBoth(Duration afterThePin) {
            rig.table.rollOver();
            rig.time.advance(Duration.ofHours(23).plusMinutes(50).minus(afterThePin));
            rig.launch(null).registerAll().pass(SOME);
            parent = rig.takeShards(0).get(0);
            rig.pass(afterThePin.plus(Duration.ofMinutes(15)));
        }

        @Test
        void beforeTheFenceAreEndedByTheirReaderIfThatAgrees() {
            expireBoth(Duration.ofMinutes(1));
            assertThat(rig.orders.get(0))
                    .extracting(ReaderOrder::gone)
                    .contains(List.of(parent.splitId()));
            rig.report(0, parent.at(new ShardSplit.Position(null, false, 0, true)));
            assertThat(rig.takeShards(0)).hasSize(1);
        }

        @Test
        void beforeTheFenceAreDoneIfNobodyHasThemYet() {
            rig.table.rollOver();
            rig.time.advance(Duration.ofHours(4).minusMinutes(30));
            rig.table.rollOver();
            rig.time.advance(Duration.ofHours(20).plusMinutes(20));
            rig.launch(null).registerAll().pass(Duration.ofHours(4));
            assertThat(rig.context.metrics().count("shardsExpiredBeforeFence")).isEqualTo(1);
            assertThat(rig.context.metrics().count("gaps")).isZero();
            assertThat(rig.context.metrics().count("shardListings")).isGreaterThan(100);
        }
    }

    @Nested
    class Reports {

        private final List<Progress.Report> reports = new ArrayList<>();
        private boolean newest = true;
        private final EnumeratorRig rig = rig(ViewType.NEW_AND_OLD_IMAGES);

        private final class Status implements Progress {
            private static final long serialVersionUID = 1L;

            @Override
            public CompletableFuture<Boolean> report(Report report) {
                reports.add(report);
                return CompletableFuture.completedFuture(newest);
            }

            @Override
            public void close() {
                // nothing is open
            }
        }

        @Test
        void sayWhatWasTrueWhenTheCheckpointBegan() {
            rig.progress = new Status();
            rig.launch(null).registerAll().pass(SOME);
            ShardSplit shard = rig.takeShards(0).get(0);
            long upTo = rig.time.getAsLong();
            rig.report(0, EnumeratorRig.read(shard, upTo));
            rig.enumerator.snapshotState(5);
            rig.report(0, EnumeratorRig.read(shard, upTo + 1_000));
            rig.enumerator.notifyCheckpointComplete(5);
            rig.enumerator.notifyCheckpointComplete(4);
            assertThat(reports).hasSize(1);
            Progress.Report report = reports.get(0);
            assertThat(report.checkpoint()).isEqualTo(5);
            assertThat(report.asOf()).isEqualTo(upTo);
            assertThat(report.state()).isEqualTo(Progress.State.BUILDING);
            assertThat(report.generation()).isEqualTo(EnumeratorRig.START);
        }

        @Test
        void endTheJobWhenANewerSubmissionHasTakenOver() {
            rig.progress = new Status();
            rig.launch(null).registerAll().pass(SOME);
            newest = false;
            assertStops(() -> rig.checkpoint(1))
                    .isInstanceOf(SupersededException.class)
                    .hasMessageContaining("submission 1 of table tasks")
                    .hasMessageContaining("newer submission has taken over");
        }
    }
}
