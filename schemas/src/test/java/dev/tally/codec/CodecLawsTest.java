package dev.tally.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.Value;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.serialization.SerializerConfig;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshotSerializationUtil;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What every codec keeps to: a value comes back equal and with the same bytes, equal values have
 * equal bytes, and bytes that are not a whole value of a known version are refused, not guessed.
 */
class CodecLawsTest {

    static List<Golden.Entry<?>> entries() {
        return new ArrayList<>(Golden.all().values());
    }

    @ParameterizedTest
    @MethodSource("entries")
    <T> void aValueComesBackEqualAndWithTheSameBytes(Golden.Entry<T> entry) throws IOException {
        for (T value : entry.values()) {
            byte[] bytes = CodecSerializer.toBytes(entry.codec(), value);
            T read = CodecSerializer.fromBytes(entry.codec(), bytes);
            assertThat(read).isEqualTo(value).hasSameHashCodeAs(value);
            assertThat(CodecSerializer.toBytes(entry.codec(), read)).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    <T> void aNewerVersionIsRefused(Golden.Entry<T> entry) {
        for (int version : new int[] {0, -1, entry.codec().version() + 1}) {
            byte[] bytes = CodecSerializer.toBytes(entry.codec(), entry.values().get(0));
            bytes[0] = (byte) version;
            assertThatThrownBy(() -> CodecSerializer.fromBytes(entry.codec(), bytes))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("value of version " + version)
                    .hasMessageContaining("Restore with the release that wrote it");
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    <T> void trailingBytesAreRefused(Golden.Entry<T> entry) {
        byte[] bytes = CodecSerializer.toBytes(entry.codec(), entry.values().get(0));
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 3);
        assertThatThrownBy(() -> CodecSerializer.fromBytes(entry.codec(), longer))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("3 bytes follow its end");
    }

    @ParameterizedTest
    @MethodSource("entries")
    <T> void truncatedBytesAreRefused(Golden.Entry<T> entry) {
        for (T value : entry.values()) {
            byte[] bytes = CodecSerializer.toBytes(entry.codec(), value);
            for (int length = 0; length < bytes.length; length++) {
                byte[] shorter = Arrays.copyOf(bytes, length);
                assertThatThrownBy(() -> CodecSerializer.fromBytes(entry.codec(), shorter))
                        .as("first %s of %s bytes", length, bytes.length)
                        .isInstanceOf(IOException.class);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("entries")
    <T> void aSavepointNamesTheTypeAndNothingElse(Golden.Entry<T> entry) throws IOException {
        CodecSerializer<T> serializer = new CodecSerializer<>(entry.type());
        DataOutputSerializer out = new DataOutputSerializer(64);
        TypeSerializerSnapshotSerializationUtil.writeSerializerSnapshot(
                out, serializer.snapshotConfiguration());

        TypeSerializerSnapshot<T> restored =
                TypeSerializerSnapshotSerializationUtil.readSerializerSnapshot(
                        new DataInputDeserializer(out.getCopyOfBuffer()),
                        CodecLawsTest.class.getClassLoader());
        assertThat(restored.restoreSerializer()).isEqualTo(serializer);
        assertThat(
                        serializer
                                .snapshotConfiguration()
                                .resolveSchemaCompatibility(restored)
                                .isCompatibleAsIs())
                .isTrue();
    }

    @ParameterizedTest
    @MethodSource("entries")
    <T> void theSerializerTreatsValuesAsImmutable(Golden.Entry<T> entry) throws IOException {
        TypeSerializer<T> serializer = CodecType.of(entry.type()).createSerializer(config());
        T value = entry.values().get(0);
        assertThat(serializer.copy(value)).isSameAs(value);
        DataOutputSerializer out = new DataOutputSerializer(64);
        serializer.serialize(value, out);
        DataOutputSerializer copy = new DataOutputSerializer(64);
        serializer.copy(new DataInputDeserializer(out.getCopyOfBuffer()), copy);
        assertThat(copy.getCopyOfBuffer()).isEqualTo(out.getCopyOfBuffer());
    }

    private static SerializerConfig config() {
        return new SerializerConfigImpl();
    }

    @Test
    void anotherTypeIsIncompatible() {
        TypeSerializerSnapshot<Value> values =
                new CodecSerializer<>(Value.class).snapshotConfiguration();
        @SuppressWarnings({"unchecked", "rawtypes"})
        TypeSerializerSnapshot<Value> items =
                (TypeSerializerSnapshot) new CodecSerializer<>(Item.class).snapshotConfiguration();
        assertThat(values.resolveSchemaCompatibility(items).isIncompatible()).isTrue();
    }

    @Test
    void randomItemsComeBackAndEqualOnesHaveEqualBytes() throws IOException {
        RandomValues values = new RandomValues(51);
        for (int i = 0; i < 20_000; i++) {
            Item a = values.item();
            byte[] bytes = CodecSerializer.toBytes(Item.CODEC, a);
            assertThat(CodecSerializer.fromBytes(Item.CODEC, bytes)).isEqualTo(a);
            Value x = values.value(1);
            Value y = values.value(1);
            boolean sameBytes =
                    Arrays.equals(
                            CodecSerializer.toBytes(Value.CODEC, x),
                            CodecSerializer.toBytes(Value.CODEC, y));
            assertThat(sameBytes).isEqualTo(x.equals(y));
        }
    }

    /** Damaged state must end in an exception, not in an endless loop or all of the memory. */
    @Test
    void damagedBytesAreAnExceptionOrAnotherValue() {
        RandomValues values = new RandomValues(52);
        int refused = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = CodecSerializer.toBytes(Item.CODEC, values.item());
            bytes[values.random().nextInt(bytes.length)] = (byte) values.random().nextInt();
            try {
                CodecSerializer.fromBytes(Item.CODEC, bytes);
            } catch (IOException | IllegalArgumentException e) {
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
