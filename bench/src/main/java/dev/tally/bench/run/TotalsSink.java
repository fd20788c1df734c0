package dev.tally.bench.run;

import dev.tally.bench.workload.Totals;
import java.io.Serializable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * Keeps the newest totals of each group, and counts rows: the same for all contestants that are
 * Flink jobs, instead of a target of one or the other kind.
 *
 * @param <T> the contestant's rows
 */
public final class TotalsSink<T> implements Sink<T> {

    private static final long serialVersionUID = 1L;

    /** In the JVM of the job; of the job that runs now. */
    private static final Map<String, Totals> FOUND = new ConcurrentHashMap<>();

    private static final LongAdder ROWS = new LongAdder();

    /**
     * Takes a row apart.
     *
     * @param <T> the contestant's rows
     */
    public interface Reading<T> extends Serializable {
        /** Calls {@code found} with the row's group, and null for one that is gone. */
        void read(T row, Found found);
    }

    /** Takes totals. */
    public interface Found {
        void totals(String group, Totals totals);
    }

    private final Reading<T> reading;

    public TotalsSink(Reading<T> reading) {
        this.reading = reading;
    }

    static void reset() {
        FOUND.clear();
        ROWS.reset();
    }

    static Map<String, Totals> found() {
        return FOUND;
    }

    static long rows() {
        return ROWS.sum();
    }

    private static void keep(String group, Totals totals) {
        if (totals == null) {
            FOUND.remove(group);
        } else {
            FOUND.put(group, totals);
        }
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
            reading.read(row, TotalsSink::keep);
        }

        @Override
        public void flush(boolean end) {}

        @Override
        public void close() {}
    }
}
