package dev.tally.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.codec.CodecSerializer;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a subtask says of its state as a whole: its bytes, and when they are enough. */
class StageMarkTest {

    private static final StageMark MARK =
            new StageMark(100, Set.of("count"), KeptAttributes.named(List.of("ListId", "Effort")));

    @Test
    void keepsItsBytes() throws IOException {
        String named =
                "01c801"
                        + "0105"
                        + hex("count")
                        + "00"
                        + "0206"
                        + hex("Effort")
                        + "06"
                        + hex("ListId");
        String all = "0101" + "00" + "01";
        StageMark unknown = new StageMark(StageMark.UNKNOWN, Set.of(), KeptAttributes.all());

        assertThat(bytes(MARK)).isEqualTo(named);
        assertThat(bytes(unknown)).isEqualTo(all);
        assertThat(bytes(read(named))).isEqualTo(named);
        assertThat(bytes(read(all))).isEqualTo(all);
        assertThat(read(all).ready()).isEqualTo(StageMark.UNKNOWN);
    }

    @Test
    void isReadyOnlyWhereAllAre() {
        StageMark later = new StageMark(200, Set.of(), KeptAttributes.all());
        StageMark unknown = new StageMark(StageMark.UNKNOWN, Set.of(), KeptAttributes.all());

        assertThat(StageMark.ready(List.of())).isEqualTo(StageMark.UNKNOWN);
        assertThat(StageMark.ready(List.of(later, MARK))).isEqualTo(100);
        assertThat(StageMark.ready(List.of(later, unknown))).isEqualTo(StageMark.UNKNOWN);
    }

    @Test
    void isEnoughForTheSameAndForLess() {
        assertThat(MARK.missingFor(MARK)).isNull();
        assertThat(MARK.missingFor(mark(KeptAttributes.named(List.of("Effort"))))).isNull();
        assertThat(mark(KeptAttributes.all()).missingFor(MARK)).isNull();
    }

    @Test
    void isNotEnoughForMore() {
        assertThat(MARK.missingFor(mark(KeptAttributes.named(List.of("Due", "Effort")))))
                .isEqualTo("its images do not hold attribute Due");
        assertThat(MARK.missingFor(mark(KeptAttributes.all())))
                .isEqualTo("its images do not hold all attributes, which a feed needs now");
        assertThat(
                        MARK.missingFor(
                                new StageMark(1, Set.of("a", "b", "count"), KeptAttributes.all())))
                .isEqualTo("its items were never counted for view a, b");
    }

    private static StageMark mark(KeptAttributes kept) {
        return new StageMark(1, Set.of("count"), kept);
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
