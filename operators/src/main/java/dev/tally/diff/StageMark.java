package dev.tally.diff;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What one subtask of the item stage says of its state as a whole, in union list state: the
 * generation that is ready, which views its items have contributed to, and which attributes their
 * images hold. Public because Flink's state finds the codec by reflection.
 */
public final class StageMark {

    /** No generation is ready. */
    static final long UNKNOWN = -1;

    public static final Codec<StageMark> CODEC = new StageMarkCodec();

    private final long ready;
    private final TreeSet<String> views;
    private final KeptAttributes kept;

    StageMark(long ready, Set<String> views, KeptAttributes kept) {
        this.ready = ready;
        this.views = new TreeSet<>(views);
        this.kept = kept;
    }

    /** The oldest of what the subtasks say: what is not ready everywhere is not ready. */
    static long ready(Iterable<StageMark> marks) {
        long oldest = Long.MAX_VALUE;
        for (StageMark mark : marks) {
            oldest = Math.min(oldest, mark.ready);
        }
        return oldest == Long.MAX_VALUE ? UNKNOWN : oldest;
    }

    long ready() {
        return ready;
    }

    /**
     * Whether images and contributions in a state marked so are enough for the views of now; null
     * if they are, else the reason.
     */
    String missingFor(StageMark now) {
        Set<String> added = new TreeSet<>(now.views);
        added.removeAll(views);
        if (!added.isEmpty()) {
            return "its items were never counted for view " + String.join(", ", added);
        }
        if (!kept.covers(now.kept)) {
            if (now.kept.keepsAll()) {
                return "its images do not hold all attributes, which a feed needs now";
            }
            Set<String> needed = new TreeSet<>(now.kept.names());
            needed.removeAll(kept.names());
            return "its images do not hold attribute " + String.join(", ", needed);
        }
        return null;
    }

    private static final class StageMarkCodec implements Codec<StageMark> {

        @Override
        public int version() {
            return 1;
        }

        @Override
        public void write(StageMark mark, DataOutputView out) throws IOException {
            Wire.writeSigned(mark.ready, out);
            writeNames(mark.views, out);
            out.writeBoolean(mark.kept.keepsAll());
            if (!mark.kept.keepsAll()) {
                writeNames(mark.kept.names(), out);
            }
        }

        @Override
        public StageMark read(int version, DataInputView in) throws IOException {
            long ready = Wire.readSigned(in);
            Set<String> views = new TreeSet<>(readNames(in));
            KeptAttributes kept =
                    in.readBoolean() ? KeptAttributes.all() : KeptAttributes.named(readNames(in));
            return new StageMark(ready, views, kept);
        }

        private static void writeNames(Set<String> names, DataOutputView out) throws IOException {
            Wire.writeInt(names.size(), out);
            for (String name : names) {
                Wire.writeText(name, out);
            }
        }

        private static List<String> readNames(DataInputView in) throws IOException {
            int size = Wire.readCount(in);
            List<String> names = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                names.add(Wire.readText(in));
            }
            return names;
        }
    }
}
