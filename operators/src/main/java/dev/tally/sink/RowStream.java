package dev.tally.sink;

import dev.tally.item.Value;
import dev.tally.json.FeedJson;
import dev.tally.json.RowJson;
import dev.tally.sink.async.Conversion;
import dev.tally.view.FeedSpec.Format;
import dev.tally.view.Row;
import dev.tally.view.ViewSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rows of a view to a Kinesis stream, at least once. Each carries its version; the newest of a
 * group replaces all others. {@link CommittedRows} stands before it, so that no row shows before
 * its checkpoint is complete.
 */
public final class RowStream extends StreamSink<Row> {

    private static final long serialVersionUID = 1L;

    private static final Logger LOG = LoggerFactory.getLogger(RowStream.class);

    private final ViewSpec view;
    private final RowJson json;

    /**
     * @param view whose target is a stream
     * @param submission number of this start of the job
     */
    public RowStream(ViewSpec view, long submission, ConnectorSettings settings) {
        this(view, submission, settings, FIRST_SUCCESS_LIMIT);
    }

    RowStream(ViewSpec view, long submission, ConnectorSettings settings, Duration limit) {
        super(view.to().stream(), settings, limit);
        this.view = view;
        this.json = new RowJson(view, Format.DYNAMODB_JSON, submission);
    }

    @Override
    protected String destination() {
        return "view " + view.name() + " to Kinesis stream " + view.to().stream();
    }

    @Override
    protected Conversion<Row, StreamEntry> conversion(MetricGroup metrics) {
        return new RowEntries(view.name(), json, metrics);
    }

    private static final class RowEntries implements Conversion<Row, StreamEntry> {

        private final Value view;
        private final RowJson json;

        /** Rows whose measures did not fit into a record. */
        private final Counter truncated;

        /** Rows whose very keys did not fit. */
        private final Counter tooLarge;

        RowEntries(String view, RowJson json, MetricGroup metrics) {
            this.view = Value.text(view);
            this.json = json;
            this.truncated = metrics.counter("rowsTruncated");
            this.tooLarge = metrics.counter("rowsTooLarge");
        }

        @Override
        public StreamEntry apply(Row row) {
            List<Value> key = new ArrayList<>();
            key.add(view);
            key.addAll(row.group().values());
            String partitionKey = StreamEntry.partitionKey(key);
            int dataMax = FeedJson.RECORD_BYTES_MAX - StreamEntry.bytes(partitionKey);
            byte[] data = json.write(row);
            if (data.length > dataMax) {
                truncated.inc();
                data = json.truncated(row);
            }
            if (data.length > dataMax) {
                tooLarge.inc();
                LOG.warn("cannot write a {} to its stream: its keys exceed a record", row.group());
                return null;
            }
            return new StreamEntry(partitionKey, data);
        }

        @Override
        public long size(StreamEntry entry) {
            return entry.size();
        }
    }
}
