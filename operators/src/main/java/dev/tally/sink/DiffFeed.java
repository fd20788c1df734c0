package dev.tally.sink;

import dev.tally.change.ItemDiff;
import dev.tally.item.KeySchema;
import dev.tally.json.FeedJson;
import dev.tally.sink.async.Conversion;
import dev.tally.view.FeedSpec;
import java.time.Duration;
import org.apache.flink.metrics.MetricGroup;

/**
 * A feed: the diffs of a table to a Kinesis stream, at least once. Repeats have the same {@code
 * eventId}; Kinesis may store records of one key out of order, {@code version} restores it.
 */
public final class DiffFeed extends StreamSink<ItemDiff> {

    private static final long serialVersionUID = 1L;

    private final FeedSpec spec;
    private final FeedJson json;

    /**
     * @param table the table's own name, as the records say it
     * @param schema of the table
     */
    public DiffFeed(FeedSpec spec, String table, KeySchema schema, ConnectorSettings settings) {
        this(spec, table, schema, settings, FIRST_SUCCESS_LIMIT);
    }

    DiffFeed(
            FeedSpec spec,
            String table,
            KeySchema schema,
            ConnectorSettings settings,
            Duration limit) {
        super(spec.stream(), settings, limit);
        this.spec = spec;
        this.json = new FeedJson(spec.name(), table, schema, spec.format());
    }

    @Override
    protected String destination() {
        return "feed " + spec.name() + " to Kinesis stream " + spec.stream();
    }

    @Override
    protected Conversion<ItemDiff, StreamEntry> conversion(MetricGroup metrics) {
        return new FeedEntries(spec, json, FeedJson.RECORD_BYTES_MAX, metrics);
    }
}
