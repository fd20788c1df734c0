package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.ItemDiff;
import dev.tally.change.ItemDiff.Kind;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.json.FeedEntry;
import dev.tally.json.FeedJson;
import dev.tally.view.FeedSpec;
import dev.tally.view.FeedSpec.Format;
import dev.tally.view.Filter;
import java.io.IOException;
import org.apache.flink.metrics.testutils.MetricListener;
import org.junit.jupiter.api.Test;

/** What a feed gets, and that whatever it does not get is counted. */
class FeedEntriesTest {

    private static final int MAX = FeedJson.RECORD_BYTES_MAX;

    private MetricListener metrics;
    private final Item open = Feeds.task("t1", Value.text("open"));
    private final Item done = Feeds.task("t1", Value.text("done"));

    @Test
    void leavesOutRowsOfAScan() {
        ItemDiff read = Feeds.diff(Kind.READ, 1, null, open);
        assertThat(entries(Feeds.feed("s"), MAX).apply(read)).isNull();
        assertThat(count("diffsOfSnapshotLeftOut")).isEqualTo(1);
    }

    @Test
    void leavesOutDiffsOfWhichNeitherImageMatches() {
        FeedEntries entries = entries(feedOfOpenTasks(), MAX);
        assertThat(entries.apply(Feeds.diff(Kind.INSERT, 1, null, done))).isNull();
        assertThat(entries.apply(Feeds.diff(Kind.REMOVE, 2, done, null))).isNull();
        assertThat(entries.apply(Feeds.diff(Kind.MODIFY, 3, done, done))).isNull();
        assertThat(count("diffsFiltered")).isEqualTo(3);

        assertThat(entries.apply(Feeds.diff(Kind.INSERT, 4, null, open))).isNotNull();
        assertThat(entries.apply(Feeds.diff(Kind.REMOVE, 5, open, null))).isNotNull();
        assertThat(entries.apply(Feeds.diff(Kind.MODIFY, 6, open, done))).isNotNull();
        assertThat(entries.apply(Feeds.diff(Kind.MODIFY, 7, done, open))).isNotNull();
        assertThat(count("diffsFiltered")).isEqualTo(3);
    }

    @Test
    void truncatesFromTheFirstByteTooManyThePartitionKeyIncluded() throws IOException {
        ItemDiff diff = Feeds.insert(1, open);
        int fits = entries(Feeds.feed("s"), MAX).apply(diff).data().length + "t1".length();

        FeedEntries exact = entries(Feeds.feed("s"), fits);
        assertThat(read(exact.apply(diff)).truncated()).isFalse();
        assertThat(count("diffsTruncated")).isZero();

        FeedEntries short1 = entries(Feeds.feed("s"), fits - 1);
        StreamEntry entry = short1.apply(diff);
        assertThat(read(entry).truncated()).isTrue();
        assertThat(entry.partitionKey()).isEqualTo("t1");
    }

    private FeedEntries entries(FeedSpec spec, int max) {
        metrics = new MetricListener();
        FeedJson json = new FeedJson(spec.name(), Feeds.TABLE, Feeds.TASK_ID, spec.format());
        return new FeedEntries(spec, json, max, metrics.getMetricGroup());
    }

    private static FeedSpec feedOfOpenTasks() {
        Filter where = Filter.parse("{\"Title\": [\"open\"]}");
        return new FeedSpec(
                "open-tasks", "tasks", where, "s", null, null, Format.DYNAMODB_JSON, false);
    }

    private static FeedEntry read(StreamEntry entry) throws IOException {
        return FeedEntry.read(entry.data(), Format.DYNAMODB_JSON);
    }

    private long count(String name) {
        return metrics.getCounter(name).orElseThrow().getCount();
    }
}
