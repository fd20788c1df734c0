package dev.tally.bench.drift;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.source.client.Change;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTableClient;
import dev.tally.source.simulated.VirtualClock;
import dev.tally.source.simulated.Workload;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StreamReaderTest {

    private static final int CHANGES = 1_000;

    private final VirtualClock clock = new VirtualClock(1_000_000_000_000L);
    private final SimulatedTable table =
            new SimulatedTable("tasks", Workload.KEY, ViewType.NEW_AND_OLD_IMAGES, 2, 1, clock);
    private final Workload workload = new Workload(1, 20, 5);

    @Test
    void parentsFirstKeepsTheOrderOfEachItem() throws Exception {
        writeAndSplit();
        List<Change> read = read(reader(true));

        assertThat(read).hasSameSizeAs(read(reader(false)));
        assertThat(outOfOrder(read)).isZero();
    }

    @Test
    void allShardsAtOnceDoesNot() throws Exception {
        writeAndSplit();

        assertThat(outOfOrder(read(reader(false)))).isPositive();
    }

    @Test
    void whoGoesBackReadsTheSameAgain() throws Exception {
        StreamReader reader = reader(true);
        writeAndSplit();
        read(reader);
        reader.mark();
        writeAndSplit();
        List<Change> later = read(reader);
        assertThat(read(reader)).isEmpty();

        reader.goBack();

        assertThat(sequences(read(reader))).isEqualTo(sequences(later));
    }

    @Test
    void whatTheStreamHasLostIsPassedOver() throws Exception {
        StreamReader reader = reader(true);
        writeAndSplit();
        read(reader);
        reader.mark();
        writeAndSplit();
        clock.advance(Duration.ofHours(25));
        reader.goBack();
        assertThat(read(reader)).isEmpty();

        workload.next().applyTo(table);

        assertThat(read(reader)).hasSizeLessThanOrEqualTo(1);
    }

    private void writeAndSplit() {
        for (int i = 0; i < CHANGES; i++) {
            workload.next().applyTo(table);
            if (i % 250 == 100) {
                table.split(0);
            }
        }
    }

    private StreamReader reader(boolean parentsFirst) {
        return new StreamReader(
                new SimulatedTableClient(table, Faults.none(), Runnable::run), parentsFirst);
    }

    private static List<Change> read(StreamReader reader) throws Exception {
        List<Change> read = new ArrayList<>();
        reader.readAll(read::addAll);
        return read;
    }

    private static List<String> sequences(List<Change> changes) {
        return changes.stream().map(Change::sequenceNumber).toList();
    }

    /** Changes that come after a newer one of the same item. */
    private static int outOfOrder(List<Change> changes) {
        Map<Object, BigInteger> newest = new HashMap<>();
        int late = 0;
        for (Change change : changes) {
            BigInteger sequence = new BigInteger(change.sequenceNumber());
            BigInteger before = newest.merge(change.keys(), sequence, BigInteger::max);
            late += before.equals(sequence) ? 0 : 1;
        }
        return late;
    }
}
