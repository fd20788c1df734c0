package dev.tally.job.figures;

import dev.tally.source.client.ClientException;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableClients;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;

/**
 * How fast a stream is caught up with: it is read from its oldest record by the pipeline, and
 * before and after that by a bare GetRecords loop, in turns as often as the time allows. The first
 * turn warms up both; the medians of the others count.
 */
public final class CatchUp {

    /** Reads so many records and says how fast. */
    public interface Pipeline {
        Speed read(long records) throws Exception;
    }

    private static final int TURNS_MAX = 8;

    private final List<Double> bare = new ArrayList<>();
    private final List<Double> own = new ArrayList<>();
    private final long records;

    private CatchUp(long records) {
        this.records = records;
    }

    /**
     * @param limit begins no turn after that
     */
    public static CatchUp measure(
            TableClients clients, TableSpec table, Pipeline pipeline, Duration limit)
            throws Exception {
        long start = System.nanoTime();
        try (TableClient client = clients.open(table)) {
            String stream = client.describeTable().get().streamArn();
            BareReading reading = new BareReading(client);
            long records = reading.read(stream).records();
            CatchUp catchUp = new CatchUp(records);
            boolean time = records > 0;
            for (int turn = 0; time && turn < TURNS_MAX; turn++) {
                Speed before = reading.read(stream);
                Speed own = pipeline.read(records);
                catchUp.add(turn, own, before, reading.read(stream));
                time = System.nanoTime() - start < limit.toNanos();
            }
            return catchUp;
        } catch (ExecutionException e) {
            throw ClientException.of(e);
        }
    }

    /** A first turn counts as long as there is no other. */
    private void add(int turn, Speed ownSpeed, Speed bareBefore, Speed bareAfter) {
        if (turn == 1) {
            bare.clear();
            own.clear();
        }
        bare.add(bareBefore.perSecond());
        bare.add(bareAfter.perSecond());
        own.add(ownSpeed.perSecond());
    }

    /** The line that says it. */
    public String line() {
        if (own.isEmpty()) {
            return "catch-up not measured: there are no records in the stream";
        }
        return String.format(
                Locale.ROOT,
                "catch-up %,.0f records/s, a bare GetRecords loop %,.0f records/s: ratio %.2f"
                        + " (%,d records, median of %d)",
                median(own),
                median(bare),
                median(own) / median(bare),
                records,
                own.size());
    }

    /** The pipeline's, records per second. */
    public double perSecond() {
        return median(own);
    }

    /** Of an even number of figures what is between the two in the middle. */
    public static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
