package dev.tally.bench.engine;

import dev.tally.bench.run.Feed;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Shape;
import dev.tally.change.ItemChange;
import dev.tally.codec.Codec;
import dev.tally.diff.ItemState;
import dev.tally.view.Contribution;
import dev.tally.view.Member;
import dev.tally.view.Membership;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What is written and read for each change: between the stages, and in the state of its item. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CodecLoop {

    private static final int CHANGES = 20_000;

    private final DataOutputSerializer out = new DataOutputSerializer(1024);
    private final DataInputDeserializer in = new DataInputDeserializer();
    private Membership view;
    ItemChange change;
    ItemState state;
    Contribution contribution;
    private byte[] changeBytes;
    private byte[] stateBytes;
    private byte[] contributionBytes;

    /** The last update of the workload. */
    @Setup
    public void setUp() throws Exception {
        ItemChanges.prepare(Changes.of(Shape.W1, CHANGES, 7));
        Feed.Part<ItemChange> changes = new ItemChanges().of(0, 1);
        for (ItemChange next = changes.next(); next != null; next = changes.next()) {
            change = next.before() == null || next.after() == null ? change : next;
        }
        view = new Membership(TallyView.of(true), null);
        state = ItemState.streamed(change.generation(), change.version(), change.after());
        Member member = members();
        contribution =
                new Contribution(
                        member.group(),
                        change.generation(),
                        change.time(),
                        member.inputs(),
                        member.inputs());
        changeBytes = bytes(ItemChange.CODEC, change);
        stateBytes = bytes(ItemState.CODEC, state);
        contributionBytes = bytes(Contribution.CODEC, contribution);
    }

    private <T> byte[] bytes(Codec<T> codec, T value) throws IOException {
        write(codec, value);
        return out.getCopyOfBuffer();
    }

    /** The group that the image is in, and what it gives to that. */
    @Benchmark
    public Member members() {
        return view.of(change.after(), (problem, reason) -> {}).get(0);
    }

    @Benchmark
    public int writeChange() throws IOException {
        return write(ItemChange.CODEC, change);
    }

    @Benchmark
    public ItemChange readChange() throws IOException {
        return read(ItemChange.CODEC, changeBytes);
    }

    @Benchmark
    public int writeState() throws IOException {
        return write(ItemState.CODEC, state);
    }

    @Benchmark
    public ItemState readState() throws IOException {
        return read(ItemState.CODEC, stateBytes);
    }

    @Benchmark
    public int writeContribution() throws IOException {
        return write(Contribution.CODEC, contribution);
    }

    @Benchmark
    public Contribution readContribution() throws IOException {
        return read(Contribution.CODEC, contributionBytes);
    }

    private <T> int write(Codec<T> codec, T value) throws IOException {
        out.clear();
        codec.write(value, out);
        return out.length();
    }

    private <T> T read(Codec<T> codec, byte[] bytes) throws IOException {
        in.setBuffer(bytes);
        return codec.read(codec.version(), in);
    }
}
