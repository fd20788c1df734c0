package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.tally.change.ItemDiff;
import dev.tally.change.ItemDiff.Kind;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.json.FeedEntry;
import dev.tally.json.FeedJson;
import dev.tally.testing.LocalKinesis;
import dev.tally.view.FeedSpec;
import dev.tally.view.FeedSpec.Format;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import software.amazon.awssdk.services.kinesis.model.Record;

/** Feeds into a real Kinesis, as far as kinesis-local is one, and into ones that refuse. */
class DiffFeedITCase {

    @RegisterExtension static final MiniClusterExtension CLUSTER = new MiniClusterExtension();

    private static final Duration LIMIT = Duration.ofSeconds(3);

    @Test
    void everyDiffArrivesOnceWithoutFailures() throws Exception {
        KinesisStream stream = KinesisStream.create("feed-all", 3);
        List<ItemDiff> diffs = Feeds.inserts(2_000);

        run(diffs, Feeds.feed("feed-all"));

        List<FeedEntry> entries = entries(stream);
        assertThat(entries).hasSize(2_000);
        assertThat(entries)
                .extracting(FeedEntry::after)
                .containsExactlyInAnyOrderElementsOf(afters(diffs));
    }

    @Test
    void aStreamMayBeNamedByItsArn() throws Exception {
        KinesisStream stream = KinesisStream.create("feed-arn", 1);
        run(Feeds.inserts(3), Feeds.feed(stream.arn()));
        assertThat(entries(stream)).hasSize(3);
    }

    @Test
    void recordsOfOneItemHaveOnePartitionKey() throws Exception {
        KinesisStream stream = KinesisStream.create("feed-keys", 2);
        String longest = "k".repeat(256);
        run(
                List.of(
                        Feeds.insert(1, Feeds.task("schön \u0001", Value.NULL)),
                        Feeds.insert(2, Feeds.task(longest, Value.NULL)),
                        Feeds.insert(3, Feeds.task(longest + "k", Value.NULL))),
                Feeds.feed("feed-keys"));

        assertThat(stream.records())
                .extracting(Record::partitionKey)
                .containsExactlyInAnyOrder(
                        "schön \u0001", longest, StreamEntry.sha256(longest + "k"));
    }

    @Test
    void recordsUpToTheLimitAreWholeAndLargerOnesTruncated() throws Exception {
        KinesisStream stream = KinesisStream.create("feed-large", 1);
        FeedJson json =
                new FeedJson("task-changes", Feeds.TABLE, Feeds.TASK_ID, Format.DYNAMODB_JSON);
        int empty = json.whole(Feeds.insert(1, Feeds.task("large", Value.text("")))).length;
        int room = FeedJson.RECORD_BYTES_MAX - "large".length() - empty;

        run(
                List.of(
                        Feeds.insert(1, Feeds.task("large", Value.text("x".repeat(room)))),
                        Feeds.insert(2, Feeds.task("large", Value.text("x".repeat(room + 1))))),
                Feeds.feed("feed-large"));

        List<FeedEntry> entries = entries(stream);
        assertThat(entries).hasSize(2);
        FeedEntry whole = entries.get(0).eventId().equals("e1") ? entries.get(0) : entries.get(1);
        FeedEntry truncated = whole == entries.get(0) ? entries.get(1) : entries.get(0);
        assertThat(whole.truncated()).isFalse();
        assertThat(whole.after().get("Title").asText()).hasSize(room);
        assertThat(truncated.truncated()).isTrue();
        assertThat(truncated.keys().get("TaskId")).isEqualTo(Value.text("large"));
        assertThat(truncated.changed()).containsExactly("TaskId", "Title");
    }

    @Test
    void rowsOfAScanAreLeftOutUnlessAskedFor() throws Exception {
        KinesisStream stream = KinesisStream.create("feed-read", 1);
        List<ItemDiff> diffs =
                List.of(
                        Feeds.diff(Kind.READ, 1, null, Feeds.task("a", Value.NULL)),
                        Feeds.insert(2, Feeds.task("b", Value.NULL)));
        run(diffs, Feeds.feed("feed-read"));
        assertThat(entries(stream)).extracting(FeedEntry::eventId).containsExactly("e2");

        run(diffs, Feeds.feed("feed-read", true));
        assertThat(entries(stream))
                .extracting(FeedEntry::eventId)
                .containsExactlyInAnyOrder("e2", "e1", "e2");
    }

    @Test
    void aStreamThatIsMissingStopsTheJobByName() {
        assertThatThrownBy(() -> run(Feeds.inserts(5), Feeds.feed("feed-missing")))
                .hasStackTraceContaining(
                        "cannot write feed task-changes to Kinesis stream feed-missing: Stream");
    }

    @Test
    void aPermissionThatIsMissingStopsTheJobByNameAndForGood() throws IOException {
        HttpServer refusing =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        refusing.createContext(
                "/",
                exchange -> {
                    exchange.getRequestBody().readAllBytes();
                    byte[] body =
                            "{\"__type\":\"AccessDeniedException\"}"
                                    .getBytes(StandardCharsets.UTF_8);
                    exchange.getResponseHeaders().set("x-amzn-ErrorType", "AccessDeniedException");
                    exchange.sendResponseHeaders(400, body.length);
                    exchange.getResponseBody().write(body);
                    exchange.close();
                });
        refusing.start();
        URI endpoint = URI.create("http://127.0.0.1:" + refusing.getAddress().getPort());
        try {
            assertThatThrownBy(
                            () -> run(Feeds.inserts(5), Feeds.feed("feed-denied"), endpoint, LIMIT))
                    .hasStackTraceContaining(SuppressRestartsException.class.getName())
                    .hasStackTraceContaining(
                            "cannot write feed task-changes to Kinesis stream feed-denied: nothing"
                                    + " was accepted within 3 s");
        } finally {
            refusing.stop(0);
        }
    }

    private static void run(List<ItemDiff> diffs, FeedSpec spec) throws Exception {
        run(diffs, spec, LocalKinesis.shared().endpoint(), DiffFeed.FIRST_SUCCESS_LIMIT);
    }

    private static void run(List<ItemDiff> diffs, FeedSpec spec, URI endpoint, Duration limit)
            throws Exception {
        DiffFeed feed =
                new DiffFeed(spec, Feeds.TABLE, Feeds.TASK_ID, SinkJobs.local(endpoint), limit);
        SinkJobs.run(ItemDiff.class, diffs, feed);
    }

    private static List<FeedEntry> entries(KinesisStream stream) throws IOException {
        List<FeedEntry> entries = new ArrayList<>();
        for (Record record : stream.records()) {
            entries.add(FeedEntry.read(record.data().asByteArray(), Format.DYNAMODB_JSON));
        }
        return entries;
    }

    private static List<Item> afters(List<ItemDiff> diffs) {
        List<Item> afters = new ArrayList<>();
        for (ItemDiff diff : diffs) {
            afters.add(diff.after());
        }
        return afters;
    }
}
