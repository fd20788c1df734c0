package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.change.ItemDiff;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.json.FeedEntry;
import dev.tally.view.FeedSpec.Format;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
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

    private static final String OTHER = "of another";

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

    /** As when a task that was given up goes on beside the one that has taken its place. */
    @Test
    void twoThatWriteAtATimeLeaveEachOthersLinesWhole() throws Exception {
        Path file = folder.resolve("task-changes-0.jsonl");
        run(Feeds.inserts(1), folder);
        try (OutputStream other = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
            Thread writes = new Thread(() -> writeLines(other));
            writes.start();
            run(Feeds.inserts(2_000), folder);
            writes.join();
        }
        List<String> lines = Files.readAllLines(file);
        lines.removeIf(OTHER::equals);
        assertThat(lines).hasSize(2_001).allMatch(line -> line.matches("\\{.*}"));
    }

    private static void writeLines(OutputStream out) {
        try {
            for (int i = 0; i < 20_000; i++) {
                out.write((OTHER + "\n").getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
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
