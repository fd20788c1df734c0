package dev.tally.sink;

import dev.tally.change.ItemDiff;
import dev.tally.item.KeySchema;
import dev.tally.json.FeedJson;
import dev.tally.view.FeedSpec;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;

/**
 * A feed to files on this machine, where there is no Kinesis: the same records, one JSON text a
 * line, never truncated, appended to {@code <feed>-<subtask>.jsonl}. At least once: they are on
 * disk when their checkpoint completes, and repeated after a failure.
 *
 * <p>Lines are appended whole, several at a time: a task that does not know yet that another has
 * taken its place may go on writing, and must not write into the middle of a line.
 */
public final class FileFeed implements Sink<ItemDiff> {

    private static final long serialVersionUID = 1L;
    private static final int BUFFER_BYTES = 64 << 10;

    private final FeedSpec spec;
    private final FeedJson json;
    private final String folder;

    /**
     * @param folder made if it is missing
     */
    public FileFeed(FeedSpec spec, String table, KeySchema schema, Path folder) {
        this.spec = spec;
        this.json = new FeedJson(spec.name(), table, schema, spec.format());
        this.folder = folder.toString();
    }

    @Override
    @SuppressWarnings("deprecation")
    public SinkWriter<ItemDiff> createWriter(Sink.InitContext context) {
        throw new UnsupportedOperationException("Flink 1.20 calls the other createWriter");
    }

    @Override
    public SinkWriter<ItemDiff> createWriter(WriterInitContext context) throws IOException {
        int subtask = context.getTaskInfo().getIndexOfThisSubtask();
        Path file = Path.of(folder).resolve(spec.name() + "-" + subtask + ".jsonl");
        FeedEntries entries = new FeedEntries(spec, json, Integer.MAX_VALUE, context.metricGroup());
        return new Writer(entries, open(file));
    }

    private static OutputStream open(Path file) throws IOException {
        try {
            Files.createDirectories(file.getParent());
            OutputStream out =
                    Files.newOutputStream(
                            file, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
            if (endsWithinLine(file)) {
                out.write('\n');
            }
            return out;
        } catch (IOException e) {
            throw new IOException(
                    "cannot write a feed to " + file + ". Name a folder that can be written to.",
                    e);
        }
    }

    /** A process that was killed may have left half a line. */
    private static boolean endsWithinLine(Path file) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            if (in.length() == 0) {
                return false;
            }
            in.seek(in.length() - 1);
            return in.read() != '\n';
        }
    }

    private static final class Writer implements SinkWriter<ItemDiff> {

        private final FeedEntries entries;
        private final OutputStream out;
        private final ByteArrayOutputStream lines = new ByteArrayOutputStream();

        Writer(FeedEntries entries, OutputStream out) {
            this.entries = entries;
            this.out = out;
        }

        @Override
        public void write(ItemDiff diff, Context context) throws IOException {
            StreamEntry entry = entries.apply(diff);
            if (entry != null) {
                lines.write(entry.data());
                lines.write('\n');
                if (lines.size() >= BUFFER_BYTES) {
                    append();
                }
            }
        }

        @Override
        public void flush(boolean endOfInput) throws IOException {
            append();
        }

        private void append() throws IOException {
            out.write(lines.toByteArray());
            lines.reset();
        }

        @Override
        public void close() throws IOException {
            try {
                append();
            } finally {
                out.close();
            }
        }
    }
}
