package dev.tally.source.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.source.client.Change;
import dev.tally.source.client.ChangePage;
import dev.tally.source.client.Shard;
import dev.tally.source.client.ShardPage;
import dev.tally.source.client.TableDescription.ViewType;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/**
 * Goal: whoever reads parents before children gets every change of every item, in order. Method:
 * random writes, splits, roll-overs and hours, then a patient reader through all faults, which
 * replays the records into an empty map: old images must chain, and the map must be the table. It
 * cannot catch wrong order between items: there is none to keep.
 */
class SimulatedStreamSimulationTest {

    private static final int SEEDS = Integer.getInteger("tally.seeds", 200);

    @Test
    void recordsReadByLineageAreTheTable() {
        for (long seed = 0; seed < SEEDS; seed++) {
            run(seed);
        }
    }

    private static void run(long seed) {
        Random random = new Random(seed);
        VirtualClock clock = new VirtualClock(1_790_000_000_000L);
        SimulatedTable table =
                new SimulatedTable(
                        "todoListTask",
                        Workload.KEY,
                        ViewType.NEW_AND_OLD_IMAGES,
                        1 + random.nextInt(3),
                        seed,
                        clock);
        table.skewClocks(2000);
        Workload workload = new Workload(seed, 30, 4);
        for (int i = 0; i < 200; i++) {
            workload.next().applyTo(table);
            int dice = random.nextInt(100);
            if (dice < 2) {
                table.split(random.nextInt(table.partitions()));
            } else if (dice < 4) {
                table.rollOver(random.nextInt(table.partitions()));
            } else if (dice < 10) {
                clock.advance(Duration.ofMinutes(random.nextInt(90)));
            }
        }
        Map<Item, Item> replayed = new HashMap<>();
        Map<Item, BigInteger> last = new HashMap<>();
        Reader reader = new Reader(table, Faults.all(seed, 0.1).listingDelay(0));
        for (Change change : reader.readAll()) {
            BigInteger sequence = new BigInteger(change.sequenceNumber());
            BigInteger before = last.get(change.keys());
            if (before != null && sequence.compareTo(before) <= 0) {
                continue;
            }
            last.put(change.keys(), sequence);
            assertThat(Objects.equals(replayed.get(change.keys()), change.oldImage()))
                    .as("the old image chains; seed %d", seed)
                    .isTrue();
            if (change.removal()) {
                replayed.remove(change.keys());
            } else {
                replayed.put(change.keys(), change.newImage());
            }
        }
        assertThat(new HashSet<>(replayed.values()))
                .as("seed %d", seed)
                .isEqualTo(new HashSet<>(table.items()));
    }

    private static final class Reader {
        private final SimulatedTableClient client;
        private final String stream;

        Reader(SimulatedTable table, Faults faults) {
            this.client = new SimulatedTableClient(table, faults, Runnable::run);
            this.stream = table.describe().streamArn();
        }

        List<Change> readAll() {
            List<Change> changes = new ArrayList<>();
            Map<String, Shard> shards = listing();
            Set<String> done = new HashSet<>();
            while (done.size() < shards.size()) {
                for (Shard shard : shards.values()) {
                    boolean free =
                            shard.parentShardId() == null || done.contains(shard.parentShardId());
                    if (free && done.add(shard.shardId())) {
                        read(shard.shardId(), changes);
                    }
                }
            }
            return changes;
        }

        /** Single listings lack shards: it takes some to know all. */
        private Map<String, Shard> listing() {
            Map<String, Shard> shards = new LinkedHashMap<>();
            for (int i = 0; i < 30; i++) {
                String after = null;
                do {
                    try {
                        ShardPage page = client.describeStream(stream, after).join();
                        page.shards().forEach(shard -> shards.put(shard.shardId(), shard));
                        after = page.lastShardId();
                    } catch (CompletionException e) {
                        continue;
                    }
                } while (after != null);
            }
            return shards;
        }

        private void read(String shard, List<Change> changes) {
            String iterator = null;
            String last = null;
            int idle = 0;
            while (idle < 20) {
                try {
                    if (iterator == null) {
                        iterator = client.shardIterator(stream, shard, last).join();
                    }
                    ChangePage page = client.getRecords(iterator, 10).join();
                    changes.addAll(page.changes());
                    if (!page.changes().isEmpty()) {
                        last = page.changes().get(page.changes().size() - 1).sequenceNumber();
                    }
                    idle = page.changes().isEmpty() ? idle + 1 : 0;
                    iterator = page.nextIterator();
                    if (iterator == null) {
                        return;
                    }
                } catch (CompletionException e) {
                    iterator = null;
                }
            }
        }
    }
}
