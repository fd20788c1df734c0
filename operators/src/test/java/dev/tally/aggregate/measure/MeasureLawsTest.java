package dev.tally.aggregate.measure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.codec.CodecSerializer;
import dev.tally.codec.RandomValues;
import dev.tally.item.AttributePath;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import dev.tally.view.MeasureSpec;
import dev.tally.view.MeasureSpec.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The laws of {@link Measure}, for every kind. Inputs come from seeds, out of small domains so that
 * equal ones meet; numbers reach from -9.9E+125 to 9.9E+125 with up to 38 digits, around the bounds
 * of long and of the fast path. What it cannot catch: two measures that are wrong alike; for that
 * {@link MeasureTest} states results.
 */
class MeasureLawsTest {

    private static final int SEEDS = 200;

    @ParameterizedTest
    @EnumSource(Kind.class)
    void retractUndoesAdd(Kind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Inputs inputs = new Inputs(kind, seed);
            Measure measure = fresh(kind);
            inputs.some().forEach(measure::add);
            Amount before = amount(measure);
            Value resultBefore = measure.result();
            Value input = inputs.next();

            measure.add(input);
            settleSometimes(measure, inputs);
            measure.retract(input);

            assertThat(amount(measure)).as("seed %d", seed).isEqualTo(before);
            assertThat(measure.result()).as("seed %d", seed).isEqualTo(resultBefore);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void zeroEqualsFresh(Kind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Inputs inputs = new Inputs(kind, seed);
            Measure measure = fresh(kind);
            List<Value> added = inputs.some();
            added.forEach(measure::add);
            settleSometimes(measure, inputs);
            Collections.shuffle(added, inputs.random());

            added.forEach(measure::retract);

            measure.settle();
            assertThat(measure.isZero()).as("seed %d", seed).isTrue();
            assertThat(amount(measure)).as("seed %d", seed).isEqualTo(Amount.ZERO);
            assertThat(measure.result()).as("seed %d", seed).isEqualTo(fresh(kind).result());
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void mergeIsAssociativeAndCommutativeAndFreshIsItsNeutralElement(Kind kind) {
        for (long seed = 0; seed < SEEDS; seed++) {
            Inputs inputs = new Inputs(kind, seed);
            List<Value> a = inputs.some();
            List<Value> b = inputs.some();
            List<Value> c = inputs.some();
            Amount all = amount(of(kind, a, b, c));

            Measure left = of(kind, a);
            left.merge(of(kind, b));
            left.merge(of(kind, c));
            Measure right = of(kind, b);
            right.merge(of(kind, c));
            Measure outer = of(kind, a);
            outer.merge(right);
            Measure turned = of(kind, c);
            turned.merge(of(kind, b));
            turned.merge(of(kind, a));
            turned.merge(fresh(kind));
            Measure neutral = fresh(kind);
            neutral.merge(turned);

            for (Measure merged : List.of(left, outer, turned, neutral)) {
                assertThat(amount(merged)).as("seed %d", seed).isEqualTo(all);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void anAmountReadFromStateGoesOnLikeTheOneWritten(Kind kind) throws IOException {
        for (long seed = 0; seed < SEEDS; seed++) {
            Inputs inputs = new Inputs(kind, seed);
            HeapPages pages = new HeapPages();
            Measure written = Measure.of("v", spec(kind), pages);
            List<Value> added = inputs.some();
            added.forEach(written::add);
            byte[] state = CodecSerializer.toBytes(Amount.CODEC, amount(written));

            Measure read = Measure.of("v", spec(kind), pages);
            read.restore(CodecSerializer.fromBytes(Amount.CODEC, state));

            assertThat(read.result()).as("seed %d", seed).isEqualTo(written.result());
            added.forEach(read::retract);
            assertThat(amount(read)).as("seed %d", seed).isEqualTo(Amount.ZERO);
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void nothingIsRetractedThatWasNotAdded(Kind kind) {
        Measure measure = fresh(kind);
        Value input = new Inputs(kind, 1).next();

        assertThatThrownBy(
                        () -> {
                            measure.retract(input);
                            measure.settle();
                        })
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("cannot retract from measure M of view v: it ");
    }

    private static MeasureSpec spec(Kind kind) {
        AttributePath path = kind == Kind.COUNT ? null : AttributePath.parse("A");
        return new MeasureSpec("M", kind, path, null, Type.N);
    }

    private static Measure fresh(Kind kind) {
        return Measure.of("v", spec(kind), new HeapPages());
    }

    @SafeVarargs
    private static Measure of(Kind kind, List<Value>... parts) {
        Measure measure = fresh(kind);
        for (List<Value> part : parts) {
            part.forEach(measure::add);
        }
        return measure;
    }

    private static Amount amount(Measure measure) {
        measure.settle();
        return measure.amount();
    }

    private static void settleSometimes(Measure measure, Inputs inputs) {
        if (inputs.random().nextBoolean()) {
            measure.settle();
        }
    }

    /** Inputs that a measure takes. */
    private static final class Inputs {
        private final Kind kind;
        private final RandomValues values;

        Inputs(Kind kind, long seed) {
            this.kind = kind;
            this.values = new RandomValues(seed);
        }

        Random random() {
            return values.random();
        }

        List<Value> some() {
            List<Value> some = new ArrayList<>();
            for (int i = random().nextInt(12); i > 0; i--) {
                some.add(next());
            }
            return some;
        }

        Value next() {
            switch (kind) {
                case COUNT:
                    return Value.TRUE;
                case SUM:
                case AVG:
                    return number();
                default:
                    return comparable();
            }
        }

        /** For the ordered measures; a spec's type keeps types apart, the multiset need not. */
        private Value comparable() {
            switch (random().nextInt(3)) {
                case 0:
                    return number();
                case 1:
                    return Value.text("t" + random().nextInt(4));
                default:
                    return Value.binary(new byte[] {(byte) random().nextInt(4), 0});
            }
        }

        private Value number() {
            switch (random().nextInt(4)) {
                case 0:
                    return Value.number(random().nextInt(5) - 2);
                case 1:
                    long bound = random().nextBoolean() ? Long.MAX_VALUE : 999_999_999_999_999_999L;
                    return Value.number(random().nextBoolean() ? bound : -bound);
                case 2:
                    return Value.number(BigDecimal.valueOf(random().nextInt(300) - 150, 2));
                default:
                    return Value.number(
                            new BigDecimal(
                                    new BigInteger(125, random()), random().nextInt(216) - 88));
            }
        }
    }
}
