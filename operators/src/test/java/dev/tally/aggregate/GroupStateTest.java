package dev.tally.aggregate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.aggregate.GroupState.Emitted;
import dev.tally.aggregate.measure.Amount;
import dev.tally.aggregate.measure.HeapPages;
import dev.tally.aggregate.measure.Measure;
import dev.tally.codec.Codec;
import dev.tally.codec.CodecSerializer;
import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;
import dev.tally.view.MeasureSpec.Kind;
import dev.tally.view.ViewSpec;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.StringUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of the aggregate stage's state: a contract with every savepoint that was taken. */
class GroupStateTest {

    private static final String BYTES = "golden/group-state/v%d.bin";
    private static final String TEXT = "golden/group-state/v%d.txt";
    private static final CodecSerializer<GroupState> SERIALIZER =
            new CodecSerializer<>(GroupState.class);

    /**
     * What the golden file of a version holds, one after the other; the text file is its human
     * twin. Version 2 has values of ordered measures in it; since version 3 a maximum may have none
     * of its own.
     */
    private static List<GroupState> golden(int version) {
        long time = 1_763_000_000_000L;
        Amount[] none = {Amount.ZERO, Amount.ZERO};
        Amount[] some = {
            new Amount(3, null),
            new Amount(2, new BigDecimal("-12.5")),
            new Amount(2, Value.number("1E+30"), null, false),
            new Amount(1, Value.text("b"), null, false),
            new Amount(300, null)
        };
        Value[] results = {
            Value.number(3), Value.number("-12.5"), Value.number("1E+30"), null, Value.number(300)
        };
        List<GroupState> states = new ArrayList<>();
        Collections.addAll(
                states,
                new GroupState(0, 0, none, 0, null),
                new GroupState(3, time, some, 0, null),
                new GroupState(3, time, some, 7, new Emitted(results, false)),
                new GroupState(
                        0, time, none, 200, new Emitted(new Value[] {Value.number(0), null}, true)),
                new GroupState(4, time, some, 7, null));
        if (version >= 2) {
            states.add(new GroupState(5, time, withValues(), 7, null));
        }
        if (version >= 3) {
            states.add(new GroupState(4, time, withSharedValues(), 7, null));
        }
        return states;
    }

    /** Values as the measures themselves write them: of one page, and of more. */
    private static Amount[] withValues() {
        Amount[] amounts = new Amount[3];
        MeasureSpec[] specs = {
            GroupKit.measure(Kind.MIN),
            GroupKit.measure(Kind.MAX),
            GroupKit.measure(Kind.COUNT_DISTINCT)
        };
        for (int i = 0; i < specs.length; i++) {
            Measure measure = Measure.of("v", specs[i], new HeapPages());
            for (int number = 0; number < (i == 1 ? 2_000 : 3); number++) {
                measure.add(Value.number(100L * number));
                measure.add(Value.number(number % 2));
            }
            measure.settle();
            amounts[i] = measure.amount();
        }
        return amounts;
    }

    /** Of a minimum and the maximum beside it. */
    private static Amount[] withSharedValues() {
        Measure min = Measure.of("v", GroupKit.measure(Kind.MIN), new HeapPages());
        Measure max = Measure.sharedMaximum("v", GroupKit.measure(Kind.MAX), new HeapPages(), min);
        for (int number : new int[] {3, -200, 7, 7}) {
            min.add(Value.number(number));
        }
        min.settle();
        return new Amount[] {min.amount(), max.amount()};
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void readsTheBytesOfEachVersion(int version) throws IOException {
        DataInputDeserializer in =
                new DataInputDeserializer(resource(String.format(BYTES, version)));
        List<GroupState> read = new ArrayList<>();
        while (in.available() > 0) {
            read.add(SERIALIZER.deserialize(in));
        }
        assertThat(read).isEqualTo(golden(version));
    }

    @Test
    void writesTheBytesOfTheNewest() throws IOException {
        assertThat(bytes(golden(3))).isEqualTo(resource(String.format(BYTES, 3)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void humanTwinTellsTheSame(int version) throws IOException {
        StringBuilder text = new StringBuilder();
        for (GroupState state : golden(version)) {
            text.append(describe(state)).append('\n');
        }
        String stored = new String(resource(String.format(TEXT, version)), StandardCharsets.UTF_8);
        assertThat(stored).isEqualTo(text.toString());
    }

    @Test
    void refusesNewerBytesAndTrailingOnes() {
        byte[] bytes = CodecSerializer.toBytes(GroupState.CODEC, golden(3).get(0));
        byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
        assertThatThrownBy(() -> CodecSerializer.fromBytes(GroupState.CODEC, longer))
                .hasMessageContaining("1 bytes follow its end");
        bytes[0] = 4;
        assertThatThrownBy(() -> CodecSerializer.fromBytes(GroupState.CODEC, bytes))
                .hasMessageContaining("of version 4");
    }

    @Test
    void aSimpleGroupIsSmall() throws IOException {
        Amount[] count = {new Amount(123, null)};
        Emitted row = new Emitted(new Value[] {Value.number(123)}, false);
        GroupState state = new GroupState(123, 1_763_000_000_000L, count, 7, row);
        assertThat(bytes(List.of(state)).length).isLessThanOrEqualTo(20);
    }

    @Test
    void marksKeepTheirBytes() throws IOException {
        StageMark mark = mark("v", true, 5, 1_763_000_000_000L);
        String bytes = "03007f0702010180bcf4d7a73305" + "01" + "0176" + "05" + "80bcf4d7a733";
        assertThat(hex(StageMark.CODEC, mark)).isEqualTo(bytes);
        assertThat(read(StageMark.CODEC, bytes)).isEqualTo(mark);

        ViewMark view = ViewMark.of(GroupKit.committed());
        String viewBytes =
                "02"
                        + text(GroupKit.VIEW)
                        + text("by ListId; M_COUNT COUNT; M_MAX MAX of Effort as N")
                        + text("FAIL")
                        + "01"
                        + text("target-of-task-count")
                        + "0000"
                        + "01"
                        + text("_tally_task-count")
                        + "02"
                        + text("M_COUNT")
                        + text("M_MAX")
                        + text("ZERO");
        assertThat(hex(ViewMark.CODEC, view)).isEqualTo(viewBytes);
        assertThat(read(ViewMark.CODEC, viewBytes)).isEqualTo(view);
    }

    @Test
    void marksOfVersionOneAreOfAllViews() throws IOException {
        StageMark read = read(StageMark.CODEC, "01007f07020180bcf4d7a73305");
        assertThat(read).isEqualTo(mark(null, false, 0, 1_763_000_000_000L));
        assertThat(read.isOf("any")).isTrue();
        assertThat(read.isOfOneView()).isFalse();

        ViewMark view = read(ViewMark.CODEC, "010176074e20434f554e54");
        assertThat(view.view()).isEqualTo("v");
        assertThat(view.definition()).isEqualTo("N COUNT");
        assertThat(view.removedView()).isEqualTo(ViewSpec.RemovedView.FAIL);
        assertThat(view.table()).isNull();
        assertThat(view.measures()).isEmpty();
    }

    @Test
    void marksOfVersionTwoNeverLookedAgain() throws IOException {
        String bytes = "02007f07020180bcf4d7a73305" + "01" + "0176" + "05" + "80bcf4d7a733";
        assertThat(read(StageMark.CODEC, bytes)).isEqualTo(mark("v", false, 5, 1_763_000_000_000L));
    }

    private static StageMark mark(String view, boolean cleared, long needs, long heard) {
        long ready = 1_763_000_000_000L;
        return new StageMark(view, 0, 127, 7, Phase.RELEASE, true, cleared, ready, 5, needs, heard);
    }

    private static <T> String hex(Codec<T> codec, T value) {
        return StringUtils.byteToHexString(CodecSerializer.toBytes(codec, value));
    }

    private static <T> T read(Codec<T> codec, String hex) throws IOException {
        return CodecSerializer.fromBytes(codec, StringUtils.hexStringToByte(hex));
    }

    private static String text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return String.format("%02x", bytes.length) + StringUtils.byteToHexString(bytes);
    }

    private static String describe(GroupState state) {
        StringBuilder text = new StringBuilder();
        text.append("items ").append(state.items());
        text.append(" time ").append(state.time());
        text.append(" stamp ").append(state.stamp());
        text.append(" amounts");
        for (Amount amount : state.amounts()) {
            text.append(' ').append(amount.count());
            text.append('/').append(amount.total() == null ? "-" : amount.total());
            text.append('/').append(describe(amount.extreme()));
            text.append(amount.equals(withoutValues(amount)) ? "" : "/values");
        }
        if (state.emitted() == null) {
            return text.append(" emitted nothing").toString();
        }
        text.append(state.emitted().empty() ? " emitted empty" : " emitted");
        for (Value measure : state.emitted().measures()) {
            text.append(' ').append(describe(measure));
        }
        return text.toString();
    }

    private static Amount withoutValues(Amount amount) {
        return amount.total() == null
                ? new Amount(amount.count(), amount.extreme(), null, false)
                : amount;
    }

    private static String describe(Value value) {
        if (value == null) {
            return "-";
        }
        return value.is(Value.Type.N) ? value.asDigits() : value.asText();
    }

    private static byte[] bytes(List<GroupState> states) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(64);
        for (GroupState state : states) {
            SERIALIZER.serialize(state, out);
        }
        return out.getCopyOfBuffer();
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = GroupStateTest.class.getClassLoader().getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
