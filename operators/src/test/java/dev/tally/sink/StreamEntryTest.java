package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Value;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamEntryTest {

    @Test
    void thePartitionKeyIsTheKeysText() {
        assertThat(key(Value.text("t1"))).isEqualTo("t1");
        assertThat(key(Value.number("1.50"))).isEqualTo("1.5");
        assertThat(key(Value.binary(new byte[] {7}))).isEqualTo("Bw==");
        assertThat(key(Value.text("home"), Value.number(3))).isEqualTo("home|3");
        assertThat(key(Value.TRUE)).isNotEqualTo(key(Value.FALSE));
    }

    @Test
    void aTextThatKinesisDoesNotTakeIsHashed() {
        String longest = "k".repeat(256);
        assertThat(key(Value.text(longest))).isEqualTo(longest);
        assertThat(key(Value.text(longest + "k"))).matches("[0-9a-f]{64}");
        assertThat(key(Value.text(""))).isEqualTo(key()).matches("[0-9a-f]{64}");
        assertThat(StreamEntry.sha256("abc"))
                .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void countsBytesAsKinesisDoes() {
        assertThat(StreamEntry.bytes("aé\uD83D\uDE00")).isEqualTo(7);
    }

    private static String key(Value... values) {
        return StreamEntry.partitionKey(List.of(values));
    }
}
