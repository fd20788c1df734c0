package dev.tally.item;

import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Makes images out of attributes that come in any order, without a map or objects for what is in
 * them: each is written when it comes, and all are put in order at the end. Of two of one name the
 * later one counts. For one thread, and for one image after the other.
 */
public final class ItemWriter {

    /** Names and values in the order in which they came. */
    private final DataOutputSerializer came = new DataOutputSerializer(512);

    private final DataOutputSerializer ordered = new DataOutputSerializer(512);

    private Field[] fields = new Field[16];
    private int count;

    /** A text in UTF-8. */
    public void text(String name, byte[] utf8, int from, int to) {
        try {
            begin(name);
            came.writeByte(Value.Type.S.ordinal());
            Wire.writeInt(to - from, came);
            came.write(utf8, from, to - from);
            end();
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    public void number(String name, long number) {
        try {
            begin(name);
            came.writeByte(ValueCodec.LONG);
            Wire.writeSigned(number, came);
            end();
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    public void value(String name, Value value) {
        try {
            begin(name);
            Value.CODEC.write(value, came);
            end();
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    /** The image of what came since the last one. */
    public Item item() {
        Arrays.sort(fields, 0, count);
        int different = 0;
        for (int i = 0; i < count; i++) {
            different += isReplaced(i) ? 0 : 1;
        }
        try {
            ordered.clear();
            Wire.writeInt(different, ordered);
            for (int i = 0; i < count; i++) {
                if (!isReplaced(i)) {
                    Field field = fields[i];
                    ordered.write(came.getSharedBuffer(), field.from, field.to - field.from);
                }
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        }
        count = 0;
        came.clear();
        return new Item(ordered.getCopyOfBuffer());
    }

    /** Sorting keeps those of one name in the order in which they came. */
    private boolean isReplaced(int i) {
        return i + 1 < count && fields[i].name.equals(fields[i + 1].name);
    }

    private void begin(String name) throws IOException {
        if (count == fields.length) {
            fields = Arrays.copyOf(fields, 2 * count);
        }
        if (fields[count] == null) {
            fields[count] = new Field();
        }
        fields[count].name = name;
        fields[count].from = came.length();
        Wire.writeText(name, came);
    }

    private void end() {
        fields[count++].to = came.length();
    }

    private static IllegalStateException cannotWrite(IOException e) {
        return new IllegalStateException("cannot write an image into memory", e);
    }

    /** Where an attribute is in what came. */
    private static final class Field implements Comparable<Field> {

        private String name;
        private int from;
        private int to;

        /** The order of names in images. */
        @Override
        public int compareTo(Field other) {
            return name.compareTo(other.name);
        }
    }
}
