package dev.tally.chaos;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.source.client.LocalTables;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * Foreign clients that write tasks: they know nothing of Tally, but remember what they have written
 * and so what must be in table and rows. Each client has tasks of its own, in lists that all share.
 */
final class Traffic implements AutoCloseable {

    static final KeySchema KEY = KeySchema.of(new KeySchema.Attribute("TaskId", Value.Type.S));
    static final String MEASURES =
            "{ TaskCount: count, OpenTasks: { count: items, where: { Status: [open] } },"
                    + " Effort: { sum: Effort } }";

    private static final int CLIENTS = 2;
    private static final long SEED = 20_261_124L;

    /** DynamoDB Local writes some hundred items a second; rows need their share. */
    private static final long PACE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private final DynamoDbClient client;
    private final String table;
    private final int lists;
    private final List<Client> clients = new ArrayList<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    private final List<Future<Void>> running = new ArrayList<>();
    private final AtomicInteger operations = new AtomicInteger();
    private volatile boolean ended;

    Traffic(DynamoDbClient client, String table, int lists) {
        this.client = client;
        this.table = table;
        this.lists = lists;
        LocalTables.create(client, table, KEY, "NEW_AND_OLD_IMAGES");
        for (int i = 0; i < CLIENTS; i++) {
            clients.add(new Client(i));
        }
    }

    /** Writes so many new tasks, in this thread. */
    void fill(int tasks) {
        for (int i = 0; i < tasks; i++) {
            clients.get(i % CLIENTS).add();
        }
    }

    void start() {
        for (Client one : clients) {
            running.add(threads.submit((Callable<Void>) one::writeUntilEnd));
        }
    }

    int operations() {
        return operations.get();
    }

    /** Comes back when the last write has been answered. */
    void end() throws Exception {
        ended = true;
        for (Future<Void> one : running) {
            one.get();
        }
    }

    SortedMap<ItemKey, Item> items() {
        SortedMap<ItemKey, Item> all = new TreeMap<>();
        clients.forEach(one -> all.putAll(one.items));
        return all;
    }

    /** What the rows must say, by list, of the lists that have tasks. */
    Map<String, List<String>> recount() {
        Map<String, long[]> counts = new TreeMap<>();
        Map<String, BigDecimal> efforts = new TreeMap<>();
        for (Item task : items().values()) {
            String list = task.get("ListId").asText();
            long[] count = counts.computeIfAbsent(list, l -> new long[2]);
            count[0]++;
            count[1] += task.get("Status").asText().equals("open") ? 1 : 0;
            efforts.merge(list, task.get("Effort").asNumber(), BigDecimal::add);
        }
        Map<String, List<String>> rows = new TreeMap<>();
        counts.forEach(
                (list, count) ->
                        rows.put(
                                list,
                                List.of(
                                        Long.toString(count[0]),
                                        Long.toString(count[1]),
                                        plain(efforts.get(list)))));
        return rows;
    }

    static String plain(BigDecimal number) {
        return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
    }

    @Override
    public void close() {
        ended = true;
        threads.shutdown();
    }

    /** One that writes; its tasks are nobody else's. */
    private final class Client {
        private final int number;
        private final Random random;
        private final SortedMap<ItemKey, Item> items = new TreeMap<>();
        private final List<ItemKey> keys = new ArrayList<>();
        private int added;
        private long revision;

        private Client(int number) {
            this.number = number;
            this.random = new Random(SEED + number);
        }

        private Void writeUntilEnd() {
            long next = System.nanoTime();
            while (!ended) {
                change();
                operations.incrementAndGet();
                next = Math.max(next + PACE_NANOS, System.nanoTime());
                LockSupport.parkNanos(next - System.nanoTime());
            }
            return null;
        }

        private void change() {
            int dice = random.nextInt(100);
            if (dice < 25 || keys.isEmpty()) {
                add();
                return;
            }
            int at = random.nextInt(keys.size());
            ItemKey key = keys.get(at);
            if (dice < 60) {
                update(key, Map.of("ListId", list(), "Revision", Value.number(++revision)));
            } else if (dice < 75) {
                update(key, Map.of("Status", status(), "Revision", Value.number(++revision)));
            } else {
                LocalTables.delete(client, table, key.toItem(KEY));
                items.remove(key);
                keys.set(at, keys.get(keys.size() - 1));
                keys.remove(keys.size() - 1);
            }
        }

        private void add() {
            Item task =
                    Item.of(
                            Map.of(
                                    "TaskId", Value.text("task-" + number + "-" + added++),
                                    "ListId", list(),
                                    "Status", status(),
                                    "Effort", Value.number(random.nextInt(100) + ".5"),
                                    "Revision", Value.number(++revision)));
            LocalTables.put(client, table, task);
            ItemKey key = ItemKey.of(KEY, task);
            items.put(key, task);
            keys.add(key);
        }

        private void update(ItemKey key, Map<String, Value> set) {
            LocalTables.update(client, table, key.toItem(KEY), set, List.of());
            Item task = items.get(key);
            for (Map.Entry<String, Value> attribute : set.entrySet()) {
                task = task.with(attribute.getKey(), attribute.getValue());
            }
            items.put(key, task);
        }

        private Value list() {
            return Value.text("list-" + random.nextInt(lists));
        }

        private Value status() {
            return Value.text(random.nextBoolean() ? "open" : "done");
        }
    }
}
