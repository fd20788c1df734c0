package dev.tally.source.simulated;

import static dev.tally.source.simulated.SimulatedTableTest.failure;
import static dev.tally.source.simulated.SimulatedTableTest.get;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.source.client.Change;
import dev.tally.source.client.ChangePage;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ScanPage;
import dev.tally.source.client.Shard;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults.Call;
import dev.tally.source.simulated.Faults.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** That faults happen, that they lose nothing, and that a seed repeats them. */
class SimulatedTableClientTest {

    private final VirtualClock clock = new VirtualClock(1_790_000_000_000L);
    private final SimulatedTable table =
            new SimulatedTable(
                    "todoListTask", Workload.KEY, ViewType.NEW_AND_OLD_IMAGES, 1, 3, clock);

    private SimulatedTableClient client(Faults faults) {
        return new SimulatedTableClient(table, faults, Runnable::run);
    }

    private static Item task(int id) {
        return Item.EMPTY.with("TaskId", Value.text("task-" + id));
    }

    /** Reads a shard as a patient reader does; what it met is added to the kinds. */
    private List<Change> readPatiently(
            SimulatedTableClient client, Set<ClientException.Kind> kinds) {
        List<Change> changes = new ArrayList<>();
        String stream = get(client(Faults.none()).describeTable()).streamArn();
        String shard = table.shardIds().get(0);
        String iterator = null;
        String last = null;
        int idle = 0;
        while (idle < 20) {
            try {
                if (iterator == null) {
                    iterator = client.shardIterator(stream, shard, last).join();
                }
                ChangePage page = client.getRecords(iterator, 7).join();
                changes.addAll(page.changes());
                iterator = page.nextIterator();
                idle = page.changes().isEmpty() ? idle + 1 : 0;
                last = changes.isEmpty() ? null : changes.get(changes.size() - 1).sequenceNumber();
            } catch (CompletionException e) {
                kinds.add(((ClientException) e.getCause()).kind());
                iterator = null;
            }
        }
        return changes;
    }

    @Test
    void faultsRepeatRecordsButLoseNone() {
        for (int i = 0; i < 300; i++) {
            table.put(task(i));
        }
        Set<ClientException.Kind> kinds = EnumSet.noneOf(ClientException.Kind.class);
        List<Change> changes = readPatiently(client(Faults.all(5, 0.1)), kinds);

        Set<Change> distinct = new LinkedHashSet<>(changes);
        assertThat(changes).hasSizeGreaterThan(300);
        assertThat(distinct).extracting(Change::keys).hasSize(300).doesNotHaveDuplicates();
        assertThat(kinds)
                .containsExactlyInAnyOrder(
                        ClientException.Kind.EXPIRED_ITERATOR,
                        ClientException.Kind.THROTTLED,
                        ClientException.Kind.READER_LIMIT,
                        ClientException.Kind.TRANSIENT);
    }

    @Test
    void theSameSeedGivesTheSameBehaviour() {
        assertThat(history(11)).isEqualTo(history(11)).isNotEqualTo(history(12));
    }

    private static List<String> history(long seed) {
        VirtualClock clock = new VirtualClock(1_790_000_000_000L);
        SimulatedTable table =
                new SimulatedTable("t", Workload.KEY, ViewType.NEW_AND_OLD_IMAGES, 3, seed, clock);
        SimulatedTableClient client =
                new SimulatedTableClient(table, Faults.all(seed, 0.2), Runnable::run);
        Workload workload = new Workload(seed, 50, 5);
        Random random = new Random(seed);
        List<String> history = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            workload.next().applyTo(table);
            clock.advance(Duration.ofMinutes(random.nextInt(5)));
            if (random.nextInt(50) == 0) {
                table.split(random.nextInt(table.partitions()));
            }
            String shard = table.shardIds().get(random.nextInt(table.shardIds().size()));
            String stream = table.describe().streamArn();
            client.shardIterator(stream, shard, null)
                    .thenCompose(iterator -> client.getRecords(iterator, 10))
                    .thenAccept(
                            page -> page.changes().forEach(c -> history.add(c.sequenceNumber())))
                    .exceptionally(e -> history.add(e.getMessage()) ? null : null);
            client.describeStream(stream, null)
                    .thenAccept(page -> page.shards().forEach(s -> history.add(s.shardId())));
        }
        return history;
    }

    @Test
    void listingsLackShardsForAWhile() {
        table.rollOver();
        Faults faults = Faults.none().with(Fault.SHARD_NOT_LISTED, 0.5).listingDelay(60_000);
        SimulatedTableClient client = client(faults);
        String stream = get(client.describeTable()).streamArn();
        Set<Integer> sizes = new LinkedHashSet<>();
        for (int i = 0; i < 100; i++) {
            sizes.add(get(client.describeStream(stream, null)).shards().size());
            clock.advance(Duration.ofSeconds(1));
        }
        assertThat(sizes).containsExactlyInAnyOrder(0, 1, 2);

        faults.heal();
        assertThat(get(client.describeStream(stream, null)).shards())
                .extracting(Shard::closed)
                .containsExactlyInAnyOrder(true, false);
    }

    @Test
    void anOutageLastsUntilItIsHealed() {
        Faults faults = Faults.none().failAll(Call.SCAN, ClientException.Kind.ACCESS_DENIED);
        SimulatedTableClient client = client(faults);
        for (int i = 0; i < 5; i++) {
            assertThat(failure(client.scan(0, 1, null, 1)))
                    .isEqualTo(ClientException.Kind.ACCESS_DENIED);
        }
        assertThat(get(client.describeTable())).isNotNull();
        faults.heal();

        assertThat(get(client.scan(0, 1, null, 1)).items()).isEmpty();
        assertThat(faults.calls(Call.SCAN)).isEqualTo(6);
    }

    @Test
    void aPageInFlightDoesNotSeeWhatIsWrittenMeanwhile() {
        AnswerQueue network = new AnswerQueue();
        SimulatedTableClient client = new SimulatedTableClient(table, Faults.none(), network);
        table.put(task(1));
        CompletableFuture<ScanPage> scan = client.scan(0, 1, null, 10);
        table.put(task(2));
        network.runNext();
        table.delete(task(1));
        assertThat(scan).isNotDone();
        network.runNext();

        assertThat(get(scan).items()).containsExactlyInAnyOrder(task(1), task(2));
        assertThat(network.runAny(new Random(1))).isFalse();
    }

    @Test
    void aClosedClientRefuses() {
        SimulatedTableClient client = client(Faults.none());
        client.close();

        assertThat(failure(client.describeTable())).isEqualTo(ClientException.Kind.REFUSED);
    }
}
