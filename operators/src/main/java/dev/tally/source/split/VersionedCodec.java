package dev.tally.source.split;

import dev.tally.codec.Codec;
import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * Flink's serializer of splits and enumerator state, which keeps the version beside the bytes.
 * Rejects unknown versions and trailing bytes.
 *
 * @param <T> the type of the codec
 */
public final class VersionedCodec<T> implements SimpleVersionedSerializer<T> {

    private final String what;
    private final Codec<T> codec;

    /**
     * @param what names the values in errors: {@code split}
     */
    public VersionedCodec(String what, Codec<T> codec) {
        this.what = what;
        this.codec = codec;
    }

    @Override
    public int getVersion() {
        return codec.version();
    }

    @Override
    public byte[] serialize(T value) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        codec.write(value, out);
        return out.getCopyOfBuffer();
    }

    @Override
    public T deserialize(int version, byte[] bytes) throws IOException {
        if (version < 1 || version > codec.version()) {
            throw new IOException(
                    "cannot read the source's "
                            + what
                            + " of version "
                            + version
                            + ": this release knows 1 to "
                            + codec.version()
                            + ". Restore with the release that wrote it, or a newer one.");
        }
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        T value = read(version, in);
        if (in.available() > 0) {
            throw new IOException(
                    "cannot read the source's "
                            + what
                            + ": "
                            + in.available()
                            + " bytes follow its end. The state is damaged or not Tally's.");
        }
        return value;
    }

    private T read(int version, DataInputDeserializer in) throws IOException {
        try {
            return codec.read(version, in);
        } catch (RuntimeException e) {
            throw new IOException(
                    "cannot read the source's " + what + ": its bytes are damaged or not Tally's.",
                    e);
        }
    }
}
