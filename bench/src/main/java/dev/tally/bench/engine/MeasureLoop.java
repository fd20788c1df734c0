package dev.tally.bench.engine;

import dev.tally.aggregate.measure.Amount;
import dev.tally.aggregate.measure.HeapPages;
import dev.tally.aggregate.measure.Measure;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Names;
import dev.tally.bench.workload.Shape;
import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;
import java.util.ArrayList;
import java.util.List;
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

    /** A power of two, so that going round costs next to nothing. */
    private static final int DRAWN = 1 << 15;

    /** A measure of the bench's view. */
    @Param({"count", "total", "average", "least", "greatest", "customers"})
    public String measure;

    /** Inputs in the group. */
    @Param({"100", "10000"})
    public int inputs;

    private Measure group;

    /** Of the workload, made beforehand: what makes them is not measured. */
    private Value[] drawn;

    /** From here on as many as the group has inputs are in it. */
    private int oldest;

    @Setup
    public void setUp() throws Exception {
        MeasureSpec spec =
                TallyView.of(true).measures().stream()
                        .filter(one -> one.name().equals(measure))
                        .findFirst()
                        .orElseThrow();
        Changes changes = Changes.of(Shape.W1, DRAWN, 7);
        drawn = new Value[DRAWN];
        for (int i = 0; i < DRAWN; i++) {
            drawn[i] =
                    measure.equals("customers")
                            ? Value.text(Names.customer(changes.customer(i)))
                            : Value.number(changes.measured(i));
        }
        group = Measure.of("totals", spec, new HeapPages());
        for (Value input : there()) {
            group.add(input);
        }
        group.settle();
    }

    @Benchmark
    @OperationsPerInvocation(BUNDLE)
    public Value change() {
        for (int i = 0; i < BUNDLE; i++) {
            group.retract(drawn[oldest]);
            group.add(drawn[(oldest + inputs) % DRAWN]);
            oldest = (oldest + 1) % DRAWN;
        }
        group.settle();
        return group.result();
    }

    /** All inputs that are in the group. */
    List<Value> there() {
        List<Value> there = new ArrayList<>();
        for (int i = 0; i < inputs; i++) {
            there.add(drawn[(oldest + i) % DRAWN]);
        }
        return there;
    }

    /** What the state of the group has of it. */
    public Amount amount() {
        return group.amount();
    }
}
