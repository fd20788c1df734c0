package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.codec.Codec;
import dev.tally.codec.CodecSerializer;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

/** The bytes of the row sink's state: a contract with every savepoint that was ever taken. */
class SinkStateTest {

    private static final CodecSerializer<Pending> PENDING = new CodecSerializer<>(Pending.class);
    private static final CodecSerializer<Removal> REMOVAL = new CodecSerializer<>(Removal.class);

    /** What the golden files hold, one after the other; the .txt is their human twin. */
    private static List<Pending> pending() {
        Pending none = Pending.none(7);
        return List.of(
                none,
                none.with(SinkViews.row("groceries", 3, 5), 4),
                none.with(SinkViews.eager("groceries", 3, 5, 2), 5),
                none.with(SinkViews.eager("groceries", 1, 5, 2), 5)
                        .with(SinkViews.empty("groceries", 6), 5));
    }

    private static List<Removal> removals() {
        return List.of(
                new Removal(Guard.of(7, 42, 0, 1_795_201_200_000L).text(), 1_795_204_800_000L));
    }

    @Test
    void pendingRowsKeepTheBytesOfVersionOne() throws IOException {
        keeps("pending", PENDING, pending());
    }

    @Test
    void removalsKeepTheBytesOfVersionOne() throws IOException {
        keeps("removal", REMOVAL, removals());
    }

    @Test
    void newerBytesAreRefused() throws IOException {
        byte[] bytes = CodecSerializer.toBytes(Pending.CODEC, pending().get(1));
        bytes[0] = 2;

        assertThatThrownBy(() -> CodecSerializer.fromBytes(Pending.CODEC, bytes))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("of version 2");
    }

    @Test
    void bytesThatAreCutOffOrTrailAreRefused() {
        refusesOtherLengths(Pending.CODEC, pending().get(3));
        refusesOtherLengths(Removal.CODEC, removals().get(0));
    }

    private static <T> void refusesOtherLengths(Codec<T> codec, T value) {
        byte[] bytes = CodecSerializer.toBytes(codec, value);
        for (int length : new int[] {bytes.length - 1, bytes.length + 1}) {
            byte[] other = Arrays.copyOf(bytes, length);
            assertThatThrownBy(() -> CodecSerializer.fromBytes(codec, other))
                    .isInstanceOf(IOException.class);
        }
    }

    private static <T> void keeps(String name, CodecSerializer<T> serializer, List<T> values)
            throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        StringBuilder text = new StringBuilder();
        for (T value : values) {
            serializer.serialize(value, out);
            text.append(value).append('\n');
        }
        byte[] golden = resource("golden/" + name + "/v1.bin");

        assertThat(out.getCopyOfBuffer()).isEqualTo(golden);
        assertThat(new String(resource("golden/" + name + "/v1.txt"), "UTF-8"))
                .isEqualTo(text.toString());
        DataInputDeserializer in = new DataInputDeserializer(golden);
        List<T> read = new ArrayList<>();
        while (in.available() > 0) {
            read.add(serializer.deserialize(in));
        }
        assertThat(read).isEqualTo(values);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = SinkStateTest.class.getClassLoader().getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
