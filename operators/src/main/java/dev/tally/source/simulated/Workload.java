package dev.tally.source.simulated;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Traffic on the table {@code todoListTask}: tasks are added, moved between lists, finished and
 * deleted. Tests, demonstration and measurements share it.
 *
 * <p>The same seed gives the same operations. It expects that each is applied, since it knows by
 * that which tasks exist; some change nothing, as in life. Not for several threads.
 */
public final class Workload {

    /** Key of todoListTask. */
    public static final KeySchema KEY =
            KeySchema.of(new KeySchema.Attribute("TaskId", Value.Type.S));

    /** What an operation does. */
    public enum Kind {
        PUT,
        MOVE,
        FINISH,
        DELETE
    }

    private static final List<String> THINGS =
            List.of("the milk", "the bicycle", "a letter", "the report", "a train", "the roof");
    private static final List<String> DEEDS =
            List.of("Buy", "Repair", "Answer", "Find", "Book", "Paint", "Return");

    private final Random random;
    private final int tasks;
    private final int lists;
    private final Item[] present;
    private int alive;

    /**
     * @param tasks how many tasks there may be at the same time
     * @param lists how many lists they are on
     */
    public Workload(long seed, int tasks, int lists) {
        this.random = new Random(seed);
        this.tasks = tasks;
        this.lists = lists;
        this.present = new Item[tasks];
    }

    /** How many tasks exist after the operations so far. */
    public int alive() {
        return alive;
    }

    /** A put of a task that does not exist yet; for filling a table. */
    public Operation add() {
        if (alive == tasks) {
            throw new IllegalStateException("cannot add a task: all " + tasks + " exist");
        }
        int task = random.nextInt(tasks);
        while (present[task] != null) {
            task = (task + 1) % tasks;
        }
        return put(task);
    }

    /** The next operation: on a task that exists mostly a move or its end. */
    public Operation next() {
        int task = random.nextInt(tasks);
        int dice = random.nextInt(100);
        if (present[task] == null || dice < 10) {
            return put(task);
        }
        if (dice < 55) {
            return change(Kind.MOVE, task, "ListId", list());
        }
        if (dice < 80) {
            return change(Kind.FINISH, task, "Status", Value.text("done"));
        }
        present[task] = null;
        alive--;
        return new Operation(Kind.DELETE, key(task), null, Map.of());
    }

    private Operation put(int task) {
        TreeMap<String, Value> attributes = new TreeMap<>(key(task).attributes());
        attributes.put("ListId", list());
        String title = DEEDS.get(random.nextInt(DEEDS.size()));
        attributes.put("Title", Value.text(title + " " + THINGS.get(random.nextInt(6))));
        attributes.put("Status", Value.text(random.nextInt(4) == 0 ? "done" : "open"));
        if (random.nextInt(10) > 0) {
            attributes.put("Effort", Value.number(Integer.toString(1 + random.nextInt(16)) + ".5"));
        }
        if (random.nextInt(3) > 0) {
            attributes.put("Due", Value.text("2027-01-" + (10 + random.nextInt(20))));
        }
        Item item = Item.of(attributes);
        alive += present[task] == null ? 1 : 0;
        present[task] = item;
        return new Operation(Kind.PUT, key(task), item, Map.of());
    }

    private Operation change(Kind kind, int task, String attribute, Value value) {
        present[task] = present[task].with(attribute, value);
        return new Operation(kind, key(task), present[task], Map.of(attribute, value));
    }

    private Value list() {
        return Value.text(String.format("list-%02d", 1 + random.nextInt(lists)));
    }

    private static Item key(int task) {
        return Item.EMPTY.with("TaskId", Value.text(String.format("task-%06d", task)));
    }

    /** One write. */
    public static final class Operation {

        private final Kind kind;
        private final Item keys;
        private final Item after;
        private final Map<String, Value> set;

        private Operation(Kind kind, Item keys, Item after, Map<String, Value> set) {
            this.kind = kind;
            this.keys = keys;
            this.after = after;
            this.set = set;
        }

        public Kind kind() {
            return kind;
        }

        /** The key attributes. */
        public Item keys() {
            return keys;
        }

        /** The whole item afterwards: what a put puts; null after a delete. */
        public Item after() {
            return after;
        }

        /** The attributes that an update (move or finish) sets. */
        public Map<String, Value> set() {
            return set;
        }

        public void applyTo(SimulatedTable table) {
            switch (kind) {
                case PUT:
                    table.put(after);
                    break;
                case DELETE:
                    table.delete(keys);
                    break;
                default:
                    table.update(keys, set, List.of());
            }
        }
    }
}
