package dev.tally.aggregate.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.AttributePath;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import dev.tally.view.MeasureSpec;
import dev.tally.view.MeasureSpec.Kind;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What each measure makes of its inputs. */
class MeasureTest {

    private static Measure fresh(Kind kind) {
        AttributePath path = kind == Kind.COUNT ? null : AttributePath.parse("A");
        MeasureSpec spec = new MeasureSpec("M", kind, path, null, Type.N);
        return Measure.of("v", spec, new HeapPages());
    }

    private static Value result(Kind kind, Value... inputs) {
        Measure measure = fresh(kind);
        for (Value input : inputs) {
            measure.add(input);
        }
        measure.settle();
        return measure.result();
    }

    private static Value n(String digits) {
        return Value.number(digits);
    }

    private static Value s(String text) {
        return Value.text(text);
    }

    @Test
    void countAndSumAndDistinctOfNothingAreZeroTheRestIsAbsent() {
        assertThat(result(Kind.COUNT)).isEqualTo(n("0"));
        assertThat(result(Kind.SUM)).isEqualTo(n("0"));
        assertThat(result(Kind.COUNT_DISTINCT)).isEqualTo(n("0"));
        assertThat(result(Kind.AVG)).isNull();
        assertThat(result(Kind.MIN)).isNull();
        assertThat(result(Kind.MAX)).isNull();
    }

    @Test
    void sumsAreExactWhateverTheSizesAndTheOrder() {
        assertThat(result(Kind.SUM, n("0.1"), n("0.2"))).isEqualTo(n("0.3"));
        assertThat(result(Kind.SUM, n("1E+100"), n("1"), n("-1E+100"))).isEqualTo(n("1"));
        assertThat(result(Kind.SUM, n("9223372036854775807"), n("1")))
                .isEqualTo(n("9223372036854775808"));
        assertThat(result(Kind.SUM, n("999999999999999999"), n("999999999999999999")))
                .isEqualTo(n("1999999999999999998"));
    }

    @Test
    void averagesOfLongsAreThoseOfDecimals() {
        Random random = new Random(7);
        for (int i = 0; i < 100_000; i++) {
            long total = random.nextLong() >> random.nextInt(64);
            long count = 1 + (random.nextLong() >>> 1 + random.nextInt(63)) % (Long.MAX_VALUE - 1);
            BigDecimal exact =
                    BigDecimal.valueOf(total).divide(BigDecimal.valueOf(count), Value.DIGITS);
            assertThat(Sum.average(total, count))
                    .as("%d over %d", total, count)
                    .isEqualTo(Value.number(exact));
        }
        assertThat(Sum.average(Long.MIN_VALUE, 1)).isEqualTo(Value.number(Long.MIN_VALUE));
        assertThat(Sum.average(-1, 8)).isEqualTo(n("-0.125"));
    }

    @Test
    void theFastPathSpillsInsteadOfOverflowing() {
        Measure sum = fresh(Kind.SUM);
        for (int i = 0; i < 100; i++) {
            sum.add(n("999999999999999999"));
        }
        assertThat(sum.result()).isEqualTo(n("99999999999999999900"));
    }

    @Test
    void longSumsAreRoundedHalfEvenWhenRenderedAndExactInState() {
        Measure sum = fresh(Kind.SUM);
        sum.add(n("1E+38"));
        sum.add(n("5"));
        assertThat(sum.result()).isEqualTo(n("1E+38"));
        sum.add(n("10"));
        assertThat(sum.result()).isEqualTo(n("1.0000000000000000000000000000000000002E+38"));

        sum.retract(n("1E+38"));

        assertThat(sum.result()).isEqualTo(n("15"));
    }

    @Test
    void averagesHaveThirtyEightDigits() {
        assertThat(result(Kind.AVG, n("1"), n("0"), n("0")))
                .isEqualTo(n("0.33333333333333333333333333333333333333"));
        assertThat(result(Kind.AVG, n("2"), n("0"), n("0")))
                .isEqualTo(n("0.66666666666666666666666666666666666667"));
        assertThat(result(Kind.AVG, n("3"), n("-3"))).isEqualTo(n("0"));
    }

    @Test
    void aResultBeyondDynamoDbIsAbsentAndSaysSo() {
        Measure sum = fresh(Kind.SUM);
        sum.add(n("9E+125"));
        assertThat(sum.overflows()).isFalse();

        sum.add(n("9E+125"));
        assertThat(sum.overflows()).isTrue();
        assertThat(sum.result()).isNull();

        sum.retract(n("9E+125"));
        assertThat(sum.overflows()).isFalse();
        assertThat(sum.result()).isEqualTo(n("9E+125"));
    }

    @Test
    void aResultTooSmallForDynamoDbIsZero() {
        assertThat(result(Kind.AVG, n("1E-130"), n("0"))).isEqualTo(n("0"));
    }

    @Test
    void extremesAreInDynamoDbsOrder() {
        assertThat(result(Kind.MIN, n("-1"), n("-10"), n("2"))).isEqualTo(n("-10"));
        assertThat(result(Kind.MAX, n("9"), n("10"), n("1E-3"))).isEqualTo(n("10"));
        assertThat(result(Kind.MIN, s("b"), s("ab"), s("a"))).isEqualTo(s("a"));
        assertThat(result(Kind.MAX, s("a"), s("ab"), s("aa"))).isEqualTo(s("ab"));
        assertThat(result(Kind.MAX, s("\uffff"), s("\ud83d\ude00"))).isEqualTo(s("\ud83d\ude00"));
        assertThat(
                        result(
                                Kind.MAX,
                                Value.binary(new byte[] {1}),
                                Value.binary(new byte[] {(byte) 0xff}),
                                Value.binary(new byte[] {(byte) 0xff, 0})))
                .isEqualTo(Value.binary(new byte[] {(byte) 0xff, 0}));
    }

    @Test
    void theNextExtremeTakesOverWhenOneGoes() {
        Measure max = fresh(Kind.MAX);
        max.add(n("5"));
        max.add(n("7"));
        max.add(n("7"));
        max.settle();

        max.retract(n("7"));
        max.settle();
        assertThat(max.result()).isEqualTo(n("7"));

        max.retract(n("7"));
        max.settle();
        assertThat(max.result()).isEqualTo(n("5"));
    }

    @Test
    void distinctCountsByValueNotByForm() {
        assertThat(result(Kind.COUNT_DISTINCT, n("1"), n("1.0"), s("1"), Value.TRUE))
                .isEqualTo(n("3"));
    }

    @Test
    void countDoesNotLookAtItsInputs() {
        assertThat(result(Kind.COUNT, Value.TRUE, s("x"), n("3"))).isEqualTo(n("3"));
    }

    @Test
    void aRetractedSumThatIsNotWhatWasAddedIsABrokenInvariant() {
        Measure sum = fresh(Kind.SUM);
        sum.add(n("5"));
        assertThatThrownBy(() -> sum.retract(n("6")))
                .hasMessage(
                        "cannot retract from measure M of view v: its last input leaves a sum that"
                                + " is not zero. The state is damaged or an item was counted twice;"
                                + " start again without a savepoint, and report it.");
    }

    @Test
    void errorsNameTypesNotValues() {
        Measure sum = fresh(Kind.SUM);
        assertThatThrownBy(() -> sum.add(s("secret")))
                .hasMessageContaining("cannot take a S into measure M of view v")
                .hasMessageNotContaining("secret");
    }
}
