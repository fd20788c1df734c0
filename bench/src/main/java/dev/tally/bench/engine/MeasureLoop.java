package dev.tally.bench.engine;

import dev.tally.aggregate.measure.HeapPages;
import dev.tally.aggregate.measure.Measure;
import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A change of one input of a measure; every 16 of them its result is asked for. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MeasureLoop {

    private static final int BUNDLE = 16;
    private static final int AMOUNTS = 10_000;

    /** A measure of the bench's view. */
    @Param({"count", "total", "average", "least", "greatest", "customers"})
    public String measure;

    /** Inputs in the group. */
    @Param({"100", "10000"})
    public int inputs;

    private final SplittableRandom random = new SplittableRandom(7);
    private Measure group;
    private Value[] there;
    private int next;

    @Setup
    public void setUp() throws Exception {
        MeasureSpec spec =
                TallyView.of(true).measures().stream()
                        .filter(one -> one.name().equals(measure))
                        .findFirst()
                        .orElseThrow();
        group = Measure.of("totals", spec, new HeapPages());
        there = new Value[inputs];
        for (int i = 0; i < inputs; i++) {
            there[i] = input();
            group.add(there[i]);
        }
        group.settle();
    }

    private Value input() {
        int amount = random.nextInt(AMOUNTS);
        return measure.equals("customers")
                ? Value.text("customer-" + amount)
                : Value.number(amount);
    }

    @Benchmark
    @OperationsPerInvocation(BUNDLE)
    public Value change() {
        for (int i = 0; i < BUNDLE; i++) {
            next = next + 1 == inputs ? 0 : next + 1;
            group.retract(there[next]);
            there[next] = input();
            group.add(there[next]);
        }
        group.settle();
        return group.result();
    }

    /** All that is there, for tests. */
    Value[] there() {
        return there;
    }
}
