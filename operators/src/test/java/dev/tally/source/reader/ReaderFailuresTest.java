package dev.tally.source.reader;

import static dev.tally.source.reader.ReaderRig.START;
import static dev.tally.source.reader.ReaderRig.segment;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.source.TableUnusableException;
import dev.tally.source.client.ClientException.Kind;
import dev.tally.source.simulated.Faults.Call;
import dev.tally.source.split.Fence;
import dev.tally.source.split.LostPosition;
import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.ShardSplit;
import dev.tally.source.split.ShardSplit.Position;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What a reader does about each class of failure. No failure ever ends a shard. */
class ReaderFailuresTest {

    private static final Duration SOME = Duration.ofSeconds(30);
    private static final Fence PASSED = new Fence(0, Fence.SKIP, START);

    private final ReaderRig rig = ReaderRig.withOldImages();

    private static AbstractThrowableAssert<?, ?> assertStops(ThrowingCallable call) {
        return assertThatThrownBy(call).isInstanceOf(SuppressRestartsException.class).cause();
    }

    private void assertReadsOn(int expected) {
        rig.faults.heal();
        rig.pass(SOME);
        assertThat(rig.take()).hasSize(expected);
        assertThat(rig.shardNow().finished()).isFalse();
    }

    @Nested
    class Passing {

        @Test
        void anExpiredIteratorIsReplacedAfterTheLastRecord() {
            rig.put(0, 5);
            rig.launch(rig.shard()).settle();
            rig.faults.failNext(Call.GET_RECORDS, Kind.EXPIRED_ITERATOR, 3);
            rig.put(5, 8);
            assertReadsOn(8);
            assertThat(rig.count("duplicateRecords")).isZero();
        }

        @Test
        void anIteratorThatExpiresBeforeTheFirstRecordLosesNothing() {
            rig.launch(rig.shard()).settle();
            rig.put(0, 3);
            rig.faults.failNext(Call.GET_RECORDS, Kind.EXPIRED_ITERATOR, 1);
            rig.pass(SOME);
            assertThat(rig.count("expiredIterators")).isEqualTo(1);
            assertReadsOn(3);
        }

        @Test
        void throttlingIsWaitedOutForHowLongItTakes() {
            rig.put(0, 3);
            rig.faults.failAll(Call.GET_RECORDS, Kind.THROTTLED);
            rig.launch(rig.shard()).pass(Duration.ofMinutes(20));
            long throttles = rig.count("readsThrottled");
            assertThat(throttles).isBetween(100L, 300L);
            assertReadsOn(3);
        }

        @Test
        void serverErrorsAreRetriedWithinBounds() {
            rig.put(0, 3);
            rig.faults.failNext(Call.GET_RECORDS, Kind.TRANSIENT, 20);
            rig.launch(rig.shard()).pass(Duration.ofMinutes(4));
            assertThat(rig.count("retries")).isEqualTo(20);
            assertReadsOn(3);
        }

        @Test
        void anErrorAfterHoursOfThrottlingIsTheFirstOne() {
            rig.faults.failAll(Call.GET_RECORDS, Kind.THROTTLED);
            rig.launch(rig.shard());
            rig.pass(Duration.ofMinutes(30));
            rig.faults.failNext(Call.GET_RECORDS, Kind.TRANSIENT, 20);
            rig.pass(Duration.ofMinutes(5));
            assertThat(rig.count("readsThrottled")).isGreaterThan(20);
            assertThat(rig.count("retries")).isEqualTo(20);
        }

        @Test
        void serverErrorsThatDoNotEndFailTheTaskButNotForGood() {
            rig.faults.failAll(Call.GET_RECORDS, Kind.TRANSIENT);
            rig.launch(rig.shard());
            assertThatThrownBy(() -> rig.pass(Duration.ofMinutes(10)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("cannot read shard shardId-")
                    .hasMessageContaining("of table tasks (todoListTask)")
                    .hasMessageContaining("21 calls in a row");
        }

        @Test
        void theScanIsRetriedToo() {
            rig.put(0, 3);
            rig.faults.failNext(Call.SCAN, Kind.THROTTLED, 5);
            rig.launch(segment()).pass(SOME);
            assertThat(rig.take()).hasSize(3);
            assertThat(rig.count("readsThrottled")).isEqualTo(5);
        }
    }

    @Nested
    class ThirdReaders {

        @Test
        void slowACallToOneInFiveSeconds() {
            rig.put(0, 3);
            rig.launch(rig.shard()).settle();
            rig.faults.failNext(Call.GET_RECORDS, Kind.READER_LIMIT, 3);
            rig.pass(Duration.ofSeconds(2));
            int before = rig.faults.calls(Call.GET_RECORDS);
            rig.pass(Duration.ofSeconds(50));
            assertThat(rig.faults.calls(Call.GET_RECORDS) - before).isBetween(9, 11);
            assertThat(rig.count("readerLimits")).isEqualTo(3);
            rig.pass(Duration.ofMinutes(2));
            before = rig.faults.calls(Call.GET_RECORDS);
            rig.pass(Duration.ofSeconds(10));
            assertThat(rig.faults.calls(Call.GET_RECORDS) - before).isGreaterThan(8);
            assertReadsOn(3);
        }

        @Test
        void endTheJobAfterTenMinutesByName() {
            rig.faults.failAll(Call.GET_RECORDS, Kind.READER_LIMIT);
            rig.launch(rig.shard()).pass(Duration.ofMinutes(9));
            assertStops(() -> rig.pass(Duration.ofMinutes(2)))
                    .isInstanceOf(TableUnusableException.class)
                    .hasMessageContaining("two processes at a time")
                    .hasMessageContaining("10 minutes")
                    .hasMessageContaining("Kinesis data stream");
        }
    }

    @Nested
    class Gaps {

        /** The reader says what is lost, once, and reads no further; it does not fail. */
        private AbstractStringAssert<?> assertGap(ShardSplit split) {
            rig.reports.clear();
            rig.launch(split).pass(SOME);
            List<LostPosition> lost = new ArrayList<>();
            rig.reports.forEach(report -> lost.addAll(report.lost()));
            assertThat(lost).hasSize(1);
            assertThat(lost.get(0).since()).isEqualTo(split.readUpTo());
            assertThat(rig.count("lostPositions")).isEqualTo(1);
            assertThat(rig.take()).isEmpty();
            return assertThat(lost.get(0).what())
                    .contains("shard " + split.shardId() + " has lost unread records");
        }

        private ShardSplit readFive() {
            rig.put(0, 5);
            rig.launch(rig.shard(PASSED, false)).settle();
            assertThat(rig.take()).hasSize(5);
            return rig.shardNow();
        }

        @Test
        void aTrimmedPositionAlsoIfRecordsAreLeft() {
            ShardSplit split = readFive();
            rig.time.advance(Duration.ofHours(3));
            rig.put(5, 8);
            rig.time.advance(Duration.ofHours(22));
            assertGap(split).contains("trim horizon");
        }

        @Test
        void aShardThatIsGone() {
            ShardSplit split = readFive();
            rig.table.rollOver();
            rig.time.advance(Duration.ofHours(30));
            assertGap(split).contains("no such shard");
        }

        @Test
        void aPositionTrimmedUnderTheIteratorWhateverTheLastAnswerSaidOfTheTime() {
            rig.launch(readFive()).settle();
            rig.put(5, 6);
            rig.time.advance(Duration.ofHours(25));
            rig.put(6, 7);
            rig.faults.failNext(Call.GET_RECORDS, Kind.TRIMMED, 1);
            rig.pass(SOME);
            assertThat(rig.count("trimmedAfterReading")).isEqualTo(1);
            assertThat(rig.count("lostPositions")).isEqualTo(1);
            assertThat(rig.take()).isEmpty();
        }

        @Test
        void aTrimmedPositionWhoseShardWasReadSinceIsNone() {
            ShardSplit split = readFive();
            rig.time.advance(Duration.ofHours(3));
            rig.launch(split).settle();
            rig.pass(SOME);
            split = rig.shardNow();
            rig.put(5, 8);
            rig.time.advance(Duration.ofHours(22));
            rig.launch(split).pass(SOME);
            assertThat(rig.take()).hasSize(3);
            assertThat(rig.count("trimmedAfterReading")).isEqualTo(1);
            assertThat(rig.count("lostPositions")).isZero();
        }

        @Test
        void isTriedAgainUnderTheNextFence() {
            ShardSplit split = readFive();
            rig.time.advance(Duration.ofHours(3));
            rig.put(5, 8);
            rig.time.advance(Duration.ofHours(22));
            assertGap(split);
            long now = rig.time.getAsLong();
            rig.begin(new Fence(now - 900_000, split.fence().generation(), now), 1);
            rig.pass(SOME);
            assertThat(rig.take()).hasSize(3);
            assertThat(rig.count("trimmedBeforeFence")).isEqualTo(1);
        }

        @Test
        void isOneUnderAFenceThatOnlyBuildsToo() {
            ShardSplit split = readFive();
            rig.time.advance(Duration.ofHours(25));
            long now = rig.time.getAsLong();
            Fence building = new Fence(now - 900_000, START, now, START);
            assertGap(split.under(building));
        }

        @Test
        void aChildReadLaterThanItsFirstRecordsAreKept() {
            ShardSplit child = rig.shard(PASSED, true);
            rig.time.advance(Duration.ofHours(25));
            assertGap(child).contains("within the stream's retention");
        }
    }

    @Nested
    class BeforeTheFence {

        private final Fence fence = new Fence(START + 1, Fence.SKIP, START + 900_001);

        @Test
        void aTrimmedPositionHasLostNothing() {
            rig.put(0, 5);
            rig.launch(rig.shard(fence, false)).settle();
            ShardSplit split = rig.shardNow();
            assertThat(split.fencePassed()).isFalse();
            rig.time.advance(Duration.ofHours(1));
            rig.put(5, 8);
            rig.launch(split);
            rig.faults.failNext(Call.GET_RECORDS, Kind.TRIMMED, 1);
            assertReadsOn(3);
            assertThat(rig.count("trimmedBeforeFence")).isZero();
        }

        @Test
        void readsOnFromTheHorizonAndCountsIt() {
            rig.put(0, 5);
            rig.launch(rig.shard(fence, false));
            rig.faults.failNext(Call.SHARD_ITERATOR, Kind.TRIMMED, 2);
            rig.pass(SOME);
            assertThat(rig.count("trimmedBeforeFence")).isEqualTo(2);
            assertThat(rig.count("lostPositions")).isZero();
        }

        @Test
        void aShardThatIsGoneWaitsForTheEnumeratorsWord() {
            ShardSplit split = rig.shard(fence, false);
            rig.faults.failNext(Call.SHARD_ITERATOR, Kind.NOT_FOUND, 1);
            rig.launch(split).pass(SOME);
            assertThat(rig.shardNow().finished()).isFalse();
            rig.reports.clear();
            expired(split, rig.time.getAsLong());
            assertThat(rig.shardNow().finished()).isTrue();
            assertThat(rig.reports.get(0).splits()).containsExactly(rig.shardNow());
            assertThat(rig.count("shardsExpiredBeforeFence")).isEqualTo(1);
        }

        /** A reader to which nothing answered for a day does not know the time. */
        @Test
        void aShardThatIsGoneIsLostIfByNowMoreThanWhatIsOlderCanBeGone() {
            ShardSplit split = rig.shard(fence, false);
            rig.faults.failNext(Call.SHARD_ITERATOR, Kind.NOT_FOUND, 1);
            rig.launch(split).pass(SOME);
            rig.reports.clear();
            expired(split, rig.time.getAsLong() + Duration.ofHours(25).toMillis());
            assertThat(rig.shardNow().finished()).isFalse();
            assertThat(rig.count("lostPositions")).isEqualTo(1);
            assertThat(rig.reports.get(0).lost().get(0).what())
                    .contains("the stream has no such shard any more");
        }

        private void expired(ShardSplit split, long serviceTime) {
            rig.reader
                    .reader()
                    .handleSourceEvents(ReaderOrder.expired(List.of(split.splitId()), serviceTime));
            rig.settle();
        }

        @Test
        void aShardThatIsThereIsNotEndedByTheEnumeratorsWord() {
            ShardSplit split = rig.shard(fence, false);
            rig.launch(split).settle();
            expired(split, rig.time.getAsLong());
            assertThat(rig.shardNow().finished()).isFalse();
        }
    }

    @Test
    void aMissingPermissionIsNamed() {
        rig.faults.failAll(Call.GET_RECORDS, Kind.ACCESS_DENIED);
        rig.launch(rig.shard());
        assertStops(() -> rig.pass(SOME))
                .isInstanceOf(TableUnusableException.class)
                .hasMessageContaining("Allow dynamodb:Scan")
                .hasMessageContaining("dynamodb:GetRecords");
    }

    @Test
    void aTableThatIsGoneDuringTheScanIsNamed() {
        rig.faults.failAll(Call.SCAN, Kind.NOT_FOUND);
        rig.launch(segment());
        assertStops(() -> rig.pass(SOME)).hasMessageContaining("cannot read segment 0 of 1");
    }

    @Test
    void aPositionOfAnUnfinishedShardStaysWhatItWas() {
        rig.put(0, 2);
        rig.faults.failAll(Call.GET_RECORDS, Kind.TRANSIENT);
        ShardSplit split = rig.shard().at(new Position(null, true, START, false));
        rig.launch(split).pass(Duration.ofSeconds(5));
        assertThat(rig.shardNow()).isEqualTo(split);
    }
}
