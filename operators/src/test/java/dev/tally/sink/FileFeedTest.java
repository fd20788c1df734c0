package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.change.ItemDiff;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.json.FeedEntry;
import dev.tally.view.FeedSpec.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class FileFeedTest {

    @RegisterExtension static final MiniClusterExtension CLUSTER = new MiniClusterExtension();

    @TempDir private Path folder;

    @Test
    void appendsOneLinePerDiff() throws Exception {
        Path feeds = folder.resolve("feeds");
        run(Feeds.inserts(100), feeds);
        run(Feeds.inserts(3), feeds);

        List<FeedEntry> entries = read(feeds.resolve("task-changes-0.jsonl"));
        assertThat(entries).hasSize(103);
        assertThat(entries.get(99).after()).isEqualTo(Feeds.task("t100", Value.text("task 100")));
    }

    @Test
    void truncatesNothing() throws Exception {
        Item large = Feeds.task("t1", Value.text("x\n".repeat(1 << 20)));
        run(List.of(Feeds.insert(1, large)), folder);
        List<FeedEntry> entries = read(folder.resolve("task-changes-0.jsonl"));
        assertThat(entries).hasSize(1);
        assertThat(entries.get(0).after()).isEqualTo(large);
    }

    @Test
    void beginsANewLineAfterHalfAOne() throws Exception {
        Path file = folder.resolve("task-changes-0.jsonl");
        Files.writeString(file, "{\"eventId\":\"half", StandardOpenOption.CREATE);
        run(Feeds.inserts(1), folder);
        List<String> lines = Files.readAllLines(file);
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).isEqualTo("{\"eventId\":\"half");
    }

    @Test
    void namesTheFileThatItCannotWrite() throws IOException {
        Path file = Files.createFile(folder.resolve("file"));
        assertThatThrownBy(() -> run(Feeds.inserts(1), file))
                .hasStackTraceContaining("cannot write a feed to " + file);
    }

    private static void run(List<ItemDiff> diffs, Path folder) throws Exception {
        FileFeed feed = new FileFeed(Feeds.feed("none"), Feeds.TABLE, Feeds.TASK_ID, folder);
        SinkJobs.run(ItemDiff.class, diffs, feed);
    }

    private static List<FeedEntry> read(Path file) throws IOException {
        List<FeedEntry> entries = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            byte[] json = line.getBytes(StandardCharsets.UTF_8);
            entries.add(FeedEntry.read(json, Format.DYNAMODB_JSON));
        }
        return entries;
    }
}
