package dev.tally.codec;

import java.io.IOException;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The bytes of one type, on the wire between operators and in state.
 *
 * <p>A codec belongs to the type that it writes and stands in the same file as a constant named
 * {@code CODEC}, so that a change of state shows in one diff. Bytes change only with a new {@link
 * #version()}; a codec reads every version that was ever released and rejects newer ones. Codecs
 * are stateless and safe for all threads.
 *
 * @param <T> the type; values are immutable
 */
public interface Codec<T> {

    /** The version that {@link #write} produces, 1 to 127. */
    int version();

    void write(T value, DataOutputView out) throws IOException;

    /** Reads what {@link #write} of the given version has written; {@code version} is known. */
    T read(int version, DataInputView in) throws IOException;
}
