package dev.tally.aggregate;

import dev.tally.aggregate.measure.Amount;
import dev.tally.bench.engine.MeasureLoop;
import dev.tally.bench.engine.TallyView;
import dev.tally.item.Value;
import dev.tally.view.MeasureSpec;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A group of the bench's view to and from the bytes of its state; in this package, as nobody else
 * makes one. Many inputs are beside it, in pages: then it is smaller than one of a hundred.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class GroupLoop {

    private static final long TIME = 1_800_000_000_000L;

    /** Inputs in the group. */
    @Param({"100", "10000"})
    public int inputs;

    private final DataOutputSerializer out = new DataOutputSerializer(1024);
    private final DataInputDeserializer in = new DataInputDeserializer();
    GroupState group;
    private byte[] bytes;

    @Setup
    public void setUp() throws Exception {
        List<MeasureSpec> specs = TallyView.of(true).measures();
        Amount[] amounts = new Amount[specs.size()];
        Value[] results = new Value[specs.size()];
        for (int i = 0; i < amounts.length; i++) {
            MeasureLoop measure = new MeasureLoop();
            measure.measure = specs.get(i).name();
            measure.inputs = inputs;
            measure.setUp();
            results[i] = measure.change();
            amounts[i] = measure.amount();
        }
        group = new GroupState(inputs, TIME, amounts, 1, new GroupState.Emitted(results, false));
        writeGroup();
        bytes = out.getCopyOfBuffer();
    }

    @Benchmark
    public int writeGroup() throws IOException {
        out.clear();
        GroupState.CODEC.write(group, out);
        return out.length();
    }

    @Benchmark
    public GroupState readGroup() throws IOException {
        in.setBuffer(bytes);
        return GroupState.CODEC.read(GroupState.CODEC.version(), in);
    }
}
