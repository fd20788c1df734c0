package dev.tally.sink.async;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.junit.jupiter.api.Test;

class WatchedWriterTest {

    private static final int MEGABYTE = 1 << 20;

    private final TestProcessingTimeService clock = new TestProcessingTimeService();
    private final Acceptance acceptance = new Acceptance();
    private final Buffer buffer = new Buffer();

    @Test
    void neverBuffersMoreThanTheBound() throws Exception {
        WatchedWriter<Integer, Integer, Integer> writer = writer(false);
        for (int i = 0; i < 100; i++) {
            writer.write(MEGABYTE, null);
        }
        assertThat(buffer.most).isEqualTo(32L * MEGABYTE);
        assertThat(buffer.written).isEqualTo(100);
    }

    @Test
    void takesAnEntryThatAloneIsMoreThanTheBound() throws Exception {
        WatchedWriter<Integer, Integer, Integer> writer = writer(false);
        writer.write(40 * MEGABYTE, null);
        writer.write(1, null);
        assertThat(buffer.written).isEqualTo(2);
        assertThat(buffer.bytes).isEqualTo(1);
    }

    @Test
    void leavesOutWhatTheConversionDoes() throws Exception {
        writer(false).write(0, null);
        assertThat(buffer.written).isZero();
        assertThat(clock.getNumActiveTimers()).as("nothing to wait for").isZero();
    }

    @Test
    void stopsANewJobForGoodWhenNothingIsAccepted() throws Exception {
        writer(false).write(1, null);
        acceptance.submitted(1);
        acceptance.failed(1);
        clock.advance(29_999);
        assertThatThrownBy(() -> clock.advance(1))
                .isInstanceOf(SuppressRestartsException.class)
                .cause()
                .hasMessage(
                        "cannot write feed f to stream s: nothing was accepted within 30 s, 1"
                                + " records were refused. Check that it exists in this account and"
                                + " region, that it can be reached, and that the job may write to"
                                + " it.");
    }

    @Test
    void failsARestoredJobSoThatItMayRestart() throws Exception {
        writer(true).write(1, null);
        acceptance.submitted(1);
        assertThatThrownBy(() -> clock.advance(30_000))
                .isInstanceOf(IllegalStateException.class)
                .isNotInstanceOf(SuppressRestartsException.class)
                .hasMessageStartingWith("cannot write feed f to stream s: nothing was accepted");
    }

    @Test
    void goesOnWhenTheDestinationWasReachedBefore() throws Exception {
        writer(false).write(1, null);
        acceptance.submitted(1);
        acceptance.accepted(1);
        clock.advance(30_000);
        acceptance.submitted(1);
        acceptance.failed(1);
        clock.advance(30_000);
        assertThat(clock.getNumActiveTimers()).as("still watching").isEqualTo(1);
    }

    @Test
    void flushesSnapshotsAndClosesTheConnector() throws Exception {
        WatchedWriter<Integer, Integer, Integer> writer = writer(false);
        writer.write(7, null);
        assertThat(writer.snapshotState(1)).containsExactly(7);
        writer.flush(true);
        assertThat(writer.snapshotState(2)).containsExactly(0);
        writer.close();
        assertThat(buffer.closed).isTrue();
    }

    private WatchedWriter<Integer, Integer, Integer> writer(boolean restored) {
        Refusals refusals =
                new Refusals("feed f to stream s", Duration.ofSeconds(30), restored, acceptance);
        return new WatchedWriter<>(buffer, new Bytes(), acceptance, clock, refusals);
    }

    /** Entries that are their own size; 0 is left out. */
    private static final class Bytes implements Conversion<Integer, Integer> {

        @Override
        public Integer apply(Integer size) {
            return size == 0 ? null : size;
        }

        @Override
        public long size(Integer entry) {
            return entry;
        }
    }

    /** A connector that sends nothing until it is told to flush. */
    private static final class Buffer implements StatefulSinkWriter<Integer, Integer> {

        private long bytes;
        private long most;
        private int written;
        private boolean closed;

        @Override
        public void write(Integer size, Context context) {
            bytes += size;
            most = Math.max(most, bytes);
            written++;
        }

        @Override
        public void flush(boolean endOfInput) {
            bytes = 0;
        }

        @Override
        public List<Integer> snapshotState(long checkpoint) throws IOException {
            List<Integer> state = new ArrayList<>();
            state.add((int) bytes);
            return state;
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
