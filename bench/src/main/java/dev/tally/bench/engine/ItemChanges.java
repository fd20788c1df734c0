package dev.tally.bench.engine;

import dev.tally.bench.run.Feed;
import dev.tally.bench.run.FlinkJob;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Names;
import dev.tally.change.ItemChange;
import dev.tally.change.ItemVersion;
import dev.tally.codec.CodecSerializer;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The workload's changes as Tally's source makes them of stream records with both images: with the
 * attributes that views read, or all if there is a feed.
 */
final class ItemChanges implements Feed<ItemChange> {

    private static final long serialVersionUID = 1L;

    static final KeySchema KEY = KeySchema.of(new KeySchema.Attribute("id", Value.Type.S));

    private static Changes changes;

    /** By the part that emits them; null: not made beforehand. */
    private static ItemChange[] prepared;

    /** Makes all changes before the clock starts, if there is room for them. */
    static void prepare(Changes all) {
        changes = all;
        prepared = null;
        if (!all.madeBefore()) {
            return;
        }
        ItemChange[] made = new ItemChange[all.size()];
        for (int i = 0; i < made.length; i++) {
            made[i] = asRead(make(i));
        }
        prepared = made;
    }

    /** Without the objects that it was made of: as if it had come over a wire. */
    private static ItemChange asRead(ItemChange change) {
        try {
            byte[] bytes = CodecSerializer.toBytes(ItemChange.CODEC, change);
            return CodecSerializer.fromBytes(ItemChange.CODEC, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Part<ItemChange> of(int subtask, int parallelism) {
        return new Items(subtask, parallelism);
    }

    private static ItemChange make(int i) {
        int previous = changes.previous(i);
        return ItemChange.streamed(
                ItemKey.of(List.of(Value.text(Names.item(changes.item(i))))),
                FlinkJob.READY,
                ItemVersion.of(0, "4000000000000" + (1_000_000_000L + changes.sequence(i))),
                previous == Changes.NONE ? null : image(previous),
                changes.group(i) == Changes.REMOVED ? null : image(i),
                changes.time(i),
                null,
                false);
    }

    private static Item image(int i) {
        Map<String, Value> attributes = new TreeMap<>();
        if (changes.shape().feed()) {
            attributes.put("id", Value.text(Names.item(changes.item(i))));
        }
        attributes.put("list", Value.text(Names.group(changes.group(i))));
        attributes.put("amount", Value.number(changes.measured(i)));
        attributes.put("customer", Value.text(Names.customer(changes.customer(i))));
        if (changes.shape().padding() > 0) {
            attributes.put("text", Value.text("x".repeat(changes.shape().padding())));
        }
        return Item.of(attributes);
    }

    private static final class Items implements Part<ItemChange> {

        private final int subtask;
        private final int parallelism;
        private int next;

        Items(int subtask, int parallelism) {
            this.subtask = subtask;
            this.parallelism = parallelism;
        }

        @Override
        public ItemChange next() {
            while (next < changes.size()) {
                int i = next++;
                if (parallelism == 1 || changes.item(i) % parallelism == subtask) {
                    return prepared == null ? make(i) : prepared[i];
                }
            }
            return null;
        }
    }
}
