package dev.tally.codec;

import java.io.IOException;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The one Flink serializer of Tally's types: a version byte, then what the type's {@link Codec}
 * writes.
 *
 * <p>Each value carries its version, so a savepoint may hold values of several releases side by
 * side and is read without a migration step. Values are immutable: copies are the same object.
 *
 * @param <T> a type with a static field {@code CODEC}
 */
public final class CodecSerializer<T> extends TypeSerializer<T> {

    private static final long serialVersionUID = 1L;

    private final Class<T> type;
    private transient Codec<T> codec;

    public CodecSerializer(Class<T> type) {
        this.type = type;
        this.codec = codecOf(type);
    }

    /** The value as bytes with its version in front, as in state. */
    public static <T> byte[] toBytes(Codec<T> codec, T value) {
        try {
            DataOutputSerializer out = new DataOutputSerializer(64);
            out.writeByte(codec.version());
            codec.write(value, out);
            return out.getCopyOfBuffer();
        } catch (IOException e) {
            throw new IllegalStateException("cannot write a value into memory", e);
        }
    }

    /** Reads {@link #toBytes}; rejects unknown versions and trailing bytes. */
    public static <T> T fromBytes(Codec<T> codec, byte[] bytes) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        T value = read(codec, in);
        if (in.available() > 0) {
            throw new IOException(
                    "cannot read a "
                            + codec.getClass().getName()
                            + " value: "
                            + in.available()
                            + " bytes follow its end. The state is damaged or not Tally's.");
        }
        return value;
    }

    @SuppressWarnings("unchecked")
    private static <T> Codec<T> codecOf(Class<T> type) {
        try {
            return (Codec<T>) type.getField("CODEC").get(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException(type.getName() + " has no public field CODEC", e);
        }
    }

    private static <T> T read(Codec<T> codec, DataInputView in) throws IOException {
        int version = in.readByte();
        if (version < 1 || version > codec.version()) {
            throw new IOException(
                    "cannot read a "
                            + codec.getClass().getName()
                            + " value of version "
                            + version
                            + ": this release knows 1 to "
                            + codec.version()
                            + ". Restore with the release that wrote it, or a newer one.");
        }
        try {
            return codec.read(version, in);
        } catch (RuntimeException e) {
            throw new IOException(
                    "cannot read a "
                            + codec.getClass().getName()
                            + " value: its bytes are damaged or not Tally's.",
                    e);
        }
    }

    Class<T> type() {
        return type;
    }

    private Codec<T> codec() {
        if (codec == null) {
            codec = codecOf(type);
        }
        return codec;
    }

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public TypeSerializer<T> duplicate() {
        return this;
    }

    @Override
    public T createInstance() {
        return null;
    }

    @Override
    public T copy(T from) {
        return from;
    }

    @Override
    public T copy(T from, T reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(T value, DataOutputView target) throws IOException {
        target.writeByte(codec().version());
        codec().write(value, target);
    }

    @Override
    public T deserialize(DataInputView source) throws IOException {
        return read(codec(), source);
    }

    @Override
    public T deserialize(T reuse, DataInputView source) throws IOException {
        return read(codec(), source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof CodecSerializer && ((CodecSerializer<?>) o).type == type;
    }

    @Override
    public int hashCode() {
        return Objects.hash(type);
    }

    @Override
    public TypeSerializerSnapshot<T> snapshotConfiguration() {
        return new CodecSerializerSnapshot<>(type);
    }
}
