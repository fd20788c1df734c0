package dev.tally.bench.run;

import dev.tally.bench.workload.Totals;
import java.io.Serializable;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Keeps the newest row of each group, and counts rows: the same for all contestants that are Flink
 * jobs, instead of a target of one or the other kind. What rows say is read behind the clock.
 *
 * @param <T> the contestant's rows
 */
public final class TotalsSink<T> implements Sink<T> {

    private static final long serialVersionUID = 1L;

    /** In the JVM of the job; of the job that runs now. By key. */
    private static final Map<Object, Kept<?>> KEPT = new ConcurrentHashMap<>();

    private static final LongAdder ROWS = new LongAdder();

    /**
     * Takes a row apart.
     *
     * @param <T> the contestant's rows
     */
    public interface Reading<T> extends Serializable {
        /** Of rows of one group the same; null for a row that says nothing new. */
        Object key(T row);

        String group(T row);

        /** Null if the group is gone. */
        Totals totals(T row);
    }

    private record Kept<T>(T row, Reading<T> reading) {
        void addTo(Map<String, Totals> found) {
            Totals totals = reading.totals(row);
            if (totals != null) {
                found.put(reading.group(row), totals);
            }
        }
    }

    private final Reading<T> reading;

    public TotalsSink(Reading<T> reading) {
        this.reading = reading;
    }

    static void reset() {
        KEPT.clear();
        ROWS.reset();
    }

    static Map<String, Totals> found() {
        Map<String, Totals> found = new HashMap<>();
        KEPT.values().forEach(kept -> kept.addTo(found));
        return found;
    }

    static long rows() {
        return ROWS.sum();
    }

    @Override
    public SinkWriter<T> createWriter(WriterInitContext context) {
        return new Writer<>(reading);
    }

    /** What Flink 1.20 has before it: never called, as the other one is there. */
    @Override
    @Deprecated
    public SinkWriter<T> createWriter(InitContext context) {
        return new Writer<>(reading);
    }

    private static final class Writer<T> implements SinkWriter<T> {

        private final Reading<T> reading;

        Writer(Reading<T> reading) {
            this.reading = reading;
        }

        @Override
        public void write(T row, Context context) {
            ROWS.increment();
            Object key = reading.key(row);
            if (key != null) {
                KEPT.put(key, new Kept<>(row, reading));
            }
        }

        @Override
        public void flush(boolean end) {}

        @Override
        public void close() {}
    }
}
