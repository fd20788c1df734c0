package dev.tally.job;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import dev.tally.testing.LocalDynamoDb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Tasks that are added, replaced, moved, finished and deleted at random, every time with an effect,
 * and what their lists should then say.
 */
final class TaskTraffic {

    /** The view of these tasks, but for its table and target. */
    static final String MEASURES =
            "{ TaskCount: count, OpenTasks: { count: items, where: { Status: [open] } },"
                    + " Effort: { sum: Effort } }";

    private static final String LIST = "list-";

    private final TestTable tasks;
    private final int lists;
    private final Random random;
    private int added;
    private int changes;

    TaskTraffic(TestTable tasks, int lists, long seed) {
        this.tasks = tasks;
        this.lists = lists;
        this.random = new Random(seed);
    }

    /** Changes made so far: each has one record in the stream. */
    int changes() {
        return changes;
    }

    void add() {
        tasks.put(task(Value.text("task-" + added++)));
    }

    /** The task that was added last. */
    ItemKey newest() {
        return ItemKey.of(List.of(Value.text("task-" + (added - 1))));
    }

    void add(int count) {
        for (int i = 0; i < count; i++) {
            add();
        }
    }

    void change(int count) {
        for (int i = 0; i < count; i++) {
            change();
        }
    }

    private void change() {
        int dice = random.nextInt(100);
        List<ItemKey> keys = new ArrayList<>(tasks.items().keySet());
        if (dice < 35 || keys.isEmpty()) {
            add();
            return;
        }
        ItemKey task = keys.get(random.nextInt(keys.size()));
        if (dice < 65) {
            move(task);
        } else if (dice < 75) {
            update(task, Map.of("Status", Value.text("done")), List.of("Due"));
        } else if (dice < 80) {
            tasks.put(task(task.values().get(0)));
        } else {
            changes++;
            tasks.delete(task);
        }
    }

    /** To another list. */
    void move(ItemKey task) {
        int to = listOf(tasks.items().get(task)) + 1 + random.nextInt(lists - 1);
        update(task, Map.of("ListId", Value.text(LIST + to % lists)), List.of());
    }

    void retitle(ItemKey task) {
        update(task, Map.of("Title", Value.text("nobody counts titles")), List.of());
    }

    private void update(ItemKey task, Map<String, Value> set, List<String> removed) {
        Map<String, Value> all = new TreeMap<>(set);
        all.put("Revision", Value.number(++changes));
        tasks.update(task, all, removed);
    }

    private Item task(Value id) {
        Map<String, Value> task = new TreeMap<>();
        task.put("TaskId", id);
        task.put("ListId", Value.text(LIST + random.nextInt(lists)));
        task.put("Title", Value.text("title " + random.nextInt(1_000)));
        task.put("Status", Value.text(random.nextBoolean() ? "open" : "done"));
        task.put("Effort", Value.number(random.nextInt(100) + ".5"));
        task.put("Due", Value.text("2026-12-" + (10 + random.nextInt(20))));
        task.put("Revision", Value.number(++changes));
        return Item.of(task);
    }

    private static int listOf(Item task) {
        return Integer.parseInt(task.get("ListId").asText().substring(LIST.length()));
    }

    /** What the rows of a table say per list: tasks, open ones, effort. */
    static Map<String, List<String>> rows(String table) {
        Map<String, List<String>> rows = new TreeMap<>();
        for (Map<String, AttributeValue> row :
                LocalDynamoDb.shared().client().scan(scan -> scan.tableName(table)).items()) {
            rows.put(
                    row.get("ListId").s(),
                    List.of(
                            row.get("TaskCount").n(),
                            row.get("OpenTasks").n(),
                            row.get("Effort").n()));
        }
        return rows;
    }

    /** What they should say, counted here in tenths; a list that is empty now was not always. */
    Map<String, List<String>> recount() {
        Map<String, List<String>> counts = new TreeMap<>();
        for (int list = 0; list < lists; list++) {
            long count = 0;
            long open = 0;
            long tenths = 0;
            for (Item task : tasks.items().values()) {
                if (listOf(task) == list) {
                    count++;
                    open += task.get("Status").asText().equals("open") ? 1 : 0;
                    tenths += task.get("Effort").asNumber().movePointRight(1).longValueExact();
                }
            }
            String effort = tenths / 10 + (tenths % 10 == 0 ? "" : "." + tenths % 10);
            counts.put(LIST + list, List.of("" + count, "" + open, effort));
        }
        return counts;
    }
}
