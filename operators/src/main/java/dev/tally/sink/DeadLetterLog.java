package dev.tally.sink;

import dev.tally.change.DeadLetter;
import dev.tally.view.Views;
import java.time.Duration;
import java.util.Map;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dead letters to the log, where no table is configured: one WARN line each without values, but
 * only so many a minute; the others are counted, and the next line says how many they were.
 */
public final class DeadLetterLog implements Sink<DeadLetter> {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetterLog.class);

    static final int LINES_MAX = 10;
    static final long PERIOD_MILLIS = Duration.ofMinutes(1).toMillis();

    private final Map<String, String> tables;

    /**
     * @param views the letters of which come here
     */
    public DeadLetterLog(Views views) {
        this.tables = LetterCounters.tables(views);
    }

    @Override
    @SuppressWarnings("deprecation")
    public SinkWriter<DeadLetter> createWriter(Sink.InitContext context) {
        throw new UnsupportedOperationException("Flink 1.20 calls the other createWriter");
    }

    @Override
    public SinkWriter<DeadLetter> createWriter(WriterInitContext context) {
        return new Writer(
                context.getProcessingTimeService(),
                new LetterCounters(context.metricGroup(), tables));
    }

    static final class Writer implements SinkWriter<DeadLetter> {

        private final ProcessingTimeService clock;
        private final LetterCounters letters;

        private long periodStart;
        private int lines;
        private long unsaid;

        Writer(ProcessingTimeService clock, LetterCounters letters) {
            this.clock = clock;
            this.letters = letters;
            this.periodStart = clock.getCurrentProcessingTime();
        }

        @Override
        public void write(DeadLetter letter, Context context) {
            letters.count(letter);
            long now = clock.getCurrentProcessingTime();
            if (now - periodStart >= PERIOD_MILLIS) {
                periodStart = now;
                lines = 0;
            }
            if (lines == LINES_MAX) {
                unsaid++;
                return;
            }
            lines++;
            LOG.warn(
                    "dead letter {} of {} version={}: {}{}",
                    letter.id(),
                    letter.source(),
                    letter.version(),
                    letter.reason(),
                    unsaid == 0 ? "" : " (" + unsaid + " more were not logged)");
            unsaid = 0;
        }

        @Override
        public void flush(boolean endOfInput) {}

        @Override
        public void close() {}
    }
}
