package dev.tally.simulation;

import dev.tally.source.SimulatedReader;
import dev.tally.source.WireForm;
import dev.tally.source.split.TableSplit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/** One attempt of a reader, with its channels to and from the coordinator. */
final class Attempt {

    SimulatedReader reader;
    final ArrayDeque<Runnable> orders = new ArrayDeque<>();
    final ArrayDeque<Runnable> reports = new ArrayDeque<>();

    /** Whether there was something in the channel. */
    static boolean runNext(ArrayDeque<Runnable> channel) {
        Runnable next = channel.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    /** Splits go over the wire as bytes. */
    void give(List<TableSplit> splits) {
        List<byte[]> wired = new ArrayList<>();
        splits.forEach(split -> wired.add(WireForm.of(split)));
        orders.add(
                () -> {
                    List<TableSplit> read = new ArrayList<>();
                    wired.forEach(split -> read.add(WireForm.split(split)));
                    reader.reader().addSplits(read);
                });
    }

    void tell(SourceEvent event) {
        orders.add(() -> reader.reader().handleSourceEvents(event));
    }
}
