package dev.tally.diff;

import static dev.tally.diff.Tasks.kept;
import static dev.tally.diff.Tasks.version;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.change.ItemVersion;
import dev.tally.codec.CodecSerializer;
import dev.tally.item.Item;
import dev.tally.item.Value;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of the item stage's state: a contract with every savepoint that was ever taken. */
class ItemStateTest {

    private static final CodecSerializer<ItemState> SERIALIZER =
            new CodecSerializer<>(ItemState.class);

    /** What golden/item-state/v*.bin hold, one after the other; v1.txt is their human twin. */
    private static List<ItemState> golden() {
        long generation = 1_763_000_000_000L;
        ItemVersion last =
                ItemVersion.of(2, "49590338271490256608559692538361571095921575989136588898");
        Item image =
                Item.of(
                        Map.of(
                                "ListId", Value.text("groceries"),
                                "Effort", Value.number("2.5"),
                                "Tags", Value.textSet("b", "a")));
        return List.of(
                ItemState.scanned(generation, null, image),
                ItemState.scanned(generation, version(7), image),
                ItemState.streamed(generation, last, image),
                ItemState.streamed(0, version(7), Item.EMPTY),
                ItemState.tombstone(generation, last));
    }

    /** Sequence numbers of DynamoDB Streams have 21 to 40 digits. */
    @Test
    void takesLessThan32BytesBesideItsImage() throws IOException {
        Item image = Item.of(Map.of("ListId", Value.text("groceries")));
        DataOutputSerializer alone = new DataOutputSerializer(64);
        image.writeSized(alone);
        ItemVersion longest = ItemVersion.of(Integer.MAX_VALUE, "9".repeat(40));
        ItemState state = ItemState.streamed(1_763_000_000_000L, longest, image);
        byte[] bytes = CodecSerializer.toBytes(ItemState.CODEC, state);
        assertThat(bytes.length - alone.length()).isBetween(8, 32);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void readsTheBytesOfEachVersion(int version) throws IOException {
        DataInputDeserializer in =
                new DataInputDeserializer(resource("golden/item-state/v" + version + ".bin"));
        List<ItemState> read = new ArrayList<>();
        while (in.available() > 0) {
            read.add(SERIALIZER.deserialize(in));
        }

        assertThat(read).isEqualTo(golden());
    }

    @Test
    void writesTheBytesOfTheNewest() throws IOException {
        assertThat(bytes(golden())).isEqualTo(resource("golden/item-state/v2.bin"));
    }

    @Test
    void humanTwinTellsTheSame() throws IOException {
        StringBuilder text = new StringBuilder();
        for (ItemState state : golden()) {
            text.append(state).append('\n');
        }

        assertThat(new String(resource("golden/item-state/v1.txt"), "UTF-8"))
                .isEqualTo(text.toString());
    }

    @Test
    void isSmall() throws IOException {
        ItemState task =
                ItemState.streamed(
                        1_763_000_000_000L,
                        ItemVersion.of(1, "111100000000000000000000001"),
                        kept("groceries"));

        assertThat(bytes(List.of(task)).length).isLessThanOrEqualTo(45);
    }

    @Test
    void refusesNewerBytes() throws IOException {
        byte[] bytes = bytes(golden().subList(0, 1));
        bytes[0] = 3;

        assertThatThrownBy(() -> SERIALIZER.deserialize(new DataInputDeserializer(bytes)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("of version 3");
    }

    @Test
    void refusesBytesThatAreCutOff() throws IOException {
        byte[] bytes = bytes(golden().subList(0, 1));
        byte[] cut = Arrays.copyOf(bytes, bytes.length - 1);

        assertThatThrownBy(() -> SERIALIZER.deserialize(new DataInputDeserializer(cut)))
                .isInstanceOf(IOException.class);
    }

    private static byte[] bytes(List<ItemState> states) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(256);
        for (ItemState state : states) {
            SERIALIZER.serialize(state, out);
        }
        return out.getCopyOfBuffer();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = ItemStateTest.class.getClassLoader().getResourceAsStream(name)) {
            assertThat(in).as(name).isNotNull();
            return in.readAllBytes();
        }
    }
}
