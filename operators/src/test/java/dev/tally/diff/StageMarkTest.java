package dev.tally.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.codec.CodecSerializer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a subtask says of its state as a whole: its bytes. */
class StageMarkTest {

    private static final StageMark MARK =
            new StageMark(
                    100,
                    200,
                    100,
                    Map.of("count", new ViewMark("by X", 101), "old", new ViewMark(null, 0)),
                    new HeldImages(
                            KeptAttributes.named(List.of("ListId", "Effort")),
                            101,
                            KeptAttributes.named(List.of("ListId"))));

    @Test
    void keepsItsBytes() throws IOException {
        String named =
                "02c8019003c801"
                        + "02"
                        + ("05" + hex("count") + "01" + "04" + hex("by X") + "ca01")
                        + ("03" + hex("old") + "00" + "00")
                        + ("00" + "02" + "06" + hex("Effort") + "06" + hex("ListId") + "ca01")
                        + ("00" + "01" + "06" + hex("ListId"));
        String all = "02010101" + "00" + "01" + "00" + "01";
        long unknown = StageMark.UNKNOWN;
        HeldImages whole = HeldImages.always(KeptAttributes.all());
        StageMark nothing = new StageMark(unknown, unknown, unknown, Map.of(), whole);

        assertThat(bytes(MARK)).isEqualTo(named);
        assertThat(bytes(nothing)).isEqualTo(all);
        assertThat(bytes(read(named))).isEqualTo(named);
        assertThat(bytes(read(all))).isEqualTo(all);
        assertThat(read(named).view("count")).isEqualTo(MARK.view("count"));
        assertThat(read(all).ready()).isEqualTo(StageMark.UNKNOWN);
    }

    @Test
    void readsTheBytesOfVersionOne() throws IOException {
        StageMark mark =
                read(
                        "01c801"
                                + ("0105" + hex("count"))
                                + ("0002" + "06" + hex("Effort") + "06" + hex("ListId")));

        assertThat(mark.ready()).isEqualTo(100);
        assertThat(mark.open()).isEqualTo(100);
        assertThat(mark.base()).isEqualTo(100);
        assertThat(mark.view("count")).isEqualTo(new ViewMark(null, 0));
        assertThat(mark.view("count").isOf("anything")).isTrue();
        assertThat(mark.images().whole(0)).isFalse();
        assertThat(mark.images().now().names()).containsExactly("Effort", "ListId");
        assertThat(read("0101" + "00" + "01").open()).isEqualTo(StageMark.UNTOLD);
    }

    private static String hex(String text) {
        return hex(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String hex(byte[] bytes) {
        return String.format("%0" + 2 * bytes.length + "x", new BigInteger(1, bytes));
    }

    private static String bytes(StageMark mark) {
        return hex(CodecSerializer.toBytes(StageMark.CODEC, mark));
    }

    private static StageMark read(String hex) throws IOException {
        return CodecSerializer.fromBytes(StageMark.CODEC, new BigInteger(hex, 16).toByteArray());
    }
}
