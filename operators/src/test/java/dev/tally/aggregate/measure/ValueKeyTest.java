package dev.tally.aggregate.measure;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.codec.CodecSerializer;
import dev.tally.item.Value;
import org.apache.flink.util.StringUtils;
import org.junit.jupiter.api.Test;

/** Bytes of the keys under which state holds values: other bytes would miss the old ones. */
class ValueKeyTest {

    private static String hex(ValueKey key) {
        return StringUtils.byteToHexString(CodecSerializer.toBytes(ValueKey.CODEC, key));
    }

    @Test
    void ascendingKeysKeepTheirBytes() {
        assertThat(hex(ValueKey.ascending(Value.number("-12.5")))).isEqualTo("01023ee69b0000");
        assertThat(hex(ValueKey.ascending(Value.number(0)))).isEqualTo("0102800000");
        assertThat(hex(ValueKey.ascending(Value.text("ab")))).isEqualTo("0101616200ff00ff0000");
        assertThat(hex(ValueKey.ascending(Value.binary(new byte[] {0, 1}))))
                .isEqualTo("010300ffff0100ff00ff0000");
    }

    @Test
    void descendingKeysKeepTheirBytes() {
        assertThat(hex(ValueKey.descending(Value.number("-12.5")))).isEqualTo("01fdc119640000");
        assertThat(hex(ValueKey.descending(Value.text("ab")))).isEqualTo("01fe9e9dffff0000");
    }

    @Test
    void unorderedKeysKeepTheirBytes() {
        assertThat(hex(ValueKey.unordered(Value.number(1)))).isEqualTo("0110020000");
        assertThat(hex(ValueKey.unordered(Value.text("ab")))).isEqualTo("0100ff0261620000");
        assertThat(hex(ValueKey.unordered(Value.TRUE))).isEqualTo("01120000");
    }
}
