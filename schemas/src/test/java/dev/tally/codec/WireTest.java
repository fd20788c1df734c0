package dev.tally.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.Random;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class WireTest {

    private static final long[] EDGES = {
        0,
        1,
        -1,
        63,
        64,
        -64,
        -65,
        127,
        128,
        16_383,
        16_384,
        1L << 31,
        Long.MAX_VALUE,
        Long.MIN_VALUE
    };

    private final DataOutputSerializer out = new DataOutputSerializer(64);

    @Test
    void integersComeBack() throws IOException {
        Random random = new Random(71);
        for (long edge : EDGES) {
            assertLongComesBack(edge);
        }
        for (int i = 0; i < 10_000; i++) {
            assertLongComesBack(random.nextLong() >> random.nextInt(64));
        }
    }

    private void assertLongComesBack(long value) throws IOException {
        Wire.writeLong(value, out);
        Wire.writeSigned(value, out);
        Wire.writeInt((int) value, out);
        DataInputDeserializer in = written();
        assertThat(Wire.readLong(in)).isEqualTo(value);
        assertThat(Wire.readSigned(in)).isEqualTo(value);
        assertThat(Wire.readInt(in)).isEqualTo((int) value);
        assertThat(in.available()).isZero();
    }

    @Test
    void smallNumbersTakeOneByte() throws IOException {
        Wire.writeLong(127, out);
        Wire.writeSigned(-64, out);
        Wire.writeInt(0, out);
        assertThat(out.length()).isEqualTo(3);
        Wire.writeInt(-1, out);
        assertThat(out.length()).as("a negative int takes five more").isEqualTo(8);
    }

    @Test
    void textsAndBytesComeBack() throws IOException {
        Wire.writeText("", out);
        Wire.writeText("Grüße \u0000 \uD83D\uDE00", out);
        Wire.writeBytes(new byte[] {0, -1}, out);
        Wire.writeOptionalText(null, out);
        Wire.writeOptionalText("x", out);
        Wire.writeBig(BigInteger.TWO.pow(100).negate(), out);
        DataInputDeserializer in = written();
        assertThat(Wire.readText(in)).isEmpty();
        assertThat(Wire.readText(in)).isEqualTo("Grüße \u0000 \uD83D\uDE00");
        assertThat(Wire.readBytes(in)).containsExactly(0, -1);
        assertThat(Wire.readOptionalText(in)).isNull();
        assertThat(Wire.readOptionalText(in)).isEqualTo("x");
        assertThat(Wire.readBig(in)).isEqualTo(BigInteger.TWO.pow(100).negate());
        assertThat(in.available()).isZero();
    }

    @Test
    void anIntegerThatDoesNotEndIsRefused() {
        byte[] endless = new byte[11];
        Arrays.fill(endless, (byte) 0x80);
        assertThatThrownBy(() -> Wire.readLong(new DataInputDeserializer(endless)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("more than ten bytes");
    }

    @Test
    void aLengthThatNoValueHasIsRefusedBeforeMemoryIsTaken() throws IOException {
        Wire.writeInt(Integer.MAX_VALUE, out);
        assertThatThrownBy(() -> Wire.readBytes(written()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("its length is " + Integer.MAX_VALUE);
        Wire.writeInt(-1, out);
        assertThatThrownBy(() -> Wire.readBytes(written())).isInstanceOf(IOException.class);
    }

    @Test
    void bytesThatAreMissingAreRefused() throws IOException {
        Wire.writeInt(5, out);
        assertThatThrownBy(() -> Wire.readBytes(written())).isInstanceOf(EOFException.class);
    }

    private DataInputDeserializer written() {
        DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
        out.clear();
        return in;
    }
}
