package dev.tally.diff;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * What one subtask of the item stage says of its state as a whole, in union list state: which
 * generations it has heard of, from which one on its items have contributed to which view, and what
 * their images hold. Public because Flink's state finds the codec by reflection.
 */
public final class StageMark {

    /** No generation is ready. */
    static final long UNKNOWN = -1;

    /** A state of version 1 does not say which generation is open, and one is. */
    static final long UNTOLD = Long.MAX_VALUE;

    public static final Codec<StageMark> CODEC = new StageMarkCodec();

    private final long ready;
    private final long open;
    private final long base;
    private final TreeMap<String, ViewMark> views;
    private final HeldImages images;

    /**
     * @param ready the newest generation that is ready and swept
     * @param open the newest generation heard of
     * @param base that of the changes read since
     */
    StageMark(long ready, long open, long base, Map<String, ViewMark> views, HeldImages images) {
        this.ready = ready;
        this.open = open;
        this.base = base;
        this.views = new TreeMap<>(views);
        this.images = images;
    }

    long ready() {
        return ready;
    }

    long open() {
        return open;
    }

    long base() {
        return base;
    }

    /** Null if the view is not known. */
    ViewMark view(String name) {
        return views.get(name);
    }

    HeldImages images() {
        return images;
    }

    /** Version 1 knew one generation only, names of views, and what all images hold. */
    private static final class StageMarkCodec implements Codec<StageMark> {

        @Override
        public int version() {
            return 2;
        }

        @Override
        public void write(StageMark mark, DataOutputView out) throws IOException {
            Wire.writeSigned(mark.ready, out);
            Wire.writeSigned(mark.open, out);
            Wire.writeSigned(mark.base, out);
            Wire.writeInt(mark.views.size(), out);
            for (Map.Entry<String, ViewMark> view : mark.views.entrySet()) {
                Wire.writeText(view.getKey(), out);
                Wire.writeOptionalText(view.getValue().definition(), out);
                Wire.writeSigned(view.getValue().first(), out);
            }
            writeKept(mark.images.now(), out);
            Wire.writeSigned(mark.images.since(), out);
            writeKept(mark.images.before(), out);
        }

        @Override
        public StageMark read(int version, DataInputView in) throws IOException {
            long ready = Wire.readSigned(in);
            Map<String, ViewMark> views = new TreeMap<>();
            if (version == 1) {
                for (String name : readNames(in)) {
                    views.put(name, new ViewMark(null, 0));
                }
                long open = ready == UNKNOWN ? UNTOLD : ready;
                return new StageMark(ready, open, ready, views, HeldImages.always(readKept(in)));
            }
            long open = Wire.readSigned(in);
            long base = Wire.readSigned(in);
            for (int i = Wire.readCount(in); i > 0; i--) {
                String name = Wire.readText(in);
                String definition = Wire.readOptionalText(in);
                views.put(name, new ViewMark(definition, Wire.readSigned(in)));
            }
            HeldImages images = new HeldImages(readKept(in), Wire.readSigned(in), readKept(in));
            return new StageMark(ready, open, base, views, images);
        }

        private static void writeKept(KeptAttributes kept, DataOutputView out) throws IOException {
            out.writeBoolean(kept.keepsAll());
            if (!kept.keepsAll()) {
                writeNames(kept.names(), out);
            }
        }

        private static KeptAttributes readKept(DataInputView in) throws IOException {
            return in.readBoolean() ? KeptAttributes.all() : KeptAttributes.named(readNames(in));
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
