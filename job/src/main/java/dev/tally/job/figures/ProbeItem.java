package dev.tally.job.figures;

import dev.tally.item.Item;
import dev.tally.item.Value;

/** A task of its own on a list of its own, whose effort grows with each change. */
final class ProbeItem {

    private static final Value NAME = Value.text("probe");

    private ProbeItem() {}

    static Item keys() {
        return Item.EMPTY.with("TaskId", NAME);
    }

    /** The item after so many changes. */
    static Item changed(long times) {
        return on(NAME).with("Effort", Value.number(times));
    }

    /** The same on a list of others. */
    static Item elsewhere() {
        return on(Value.text("list")).with("Effort", Value.number(1));
    }

    private static Item on(Value list) {
        return keys().with("ListId", list)
                .with("Title", Value.text("Show how long a change takes to its row"))
                .with("Status", Value.text("open"));
    }
}
