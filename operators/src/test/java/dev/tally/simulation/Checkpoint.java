package dev.tally.simulation;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.view.Row;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;

/** A checkpoint while its barriers are under way, and afterwards what is in it. */
final class Checkpoint {

    private final long id;
    private final long submission;
    private final int parallelism;
    final byte[] enumerator;
    final List<byte[]> splits = new ArrayList<>();
    final OperatorSubtaskState[] items;
    final OperatorSubtaskState[] groups;

    /** Rows that the sinks have not written. */
    final List<Row> unwritten = new ArrayList<>();

    /** Committed rows that carry this checkpoint's number. */
    final List<Row> rows = new ArrayList<>();

    /** What the item stage held of each item. */
    final Map<ItemKey, Item> images = new HashMap<>();

    private final boolean plain;
    private int readers;

    /**
     * @param plain whether it is a savepoint of a job that goes on
     */
    Checkpoint(long id, long submission, byte[] enumerator, int parallelism, boolean plain) {
        this.id = id;
        this.submission = submission;
        this.enumerator = enumerator;
        this.parallelism = parallelism;
        this.plain = plain;
        this.items = new OperatorSubtaskState[parallelism];
        this.groups = new OperatorSubtaskState[parallelism];
    }

    long id() {
        return id;
    }

    long submission() {
        return submission;
    }

    boolean plain() {
        return plain;
    }

    void readerAcknowledged() {
        readers++;
    }

    boolean isWhole() {
        return readers == parallelism
                && !Arrays.asList(items).contains(null)
                && !Arrays.asList(groups).contains(null);
    }
}
