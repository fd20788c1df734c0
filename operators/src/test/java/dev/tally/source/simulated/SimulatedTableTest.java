package dev.tally.source.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.source.client.Change;
import dev.tally.source.client.ChangePage;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ScanPage;
import dev.tally.source.client.Shard;
import dev.tally.source.client.TableDescription;
import dev.tally.source.client.TableDescription.ViewType;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** That the simulated table keeps DynamoDB's promises, and only these. */
class SimulatedTableTest {

    private static final long START = 1_790_000_000_123L;

    private final VirtualClock clock = new VirtualClock(START);
    private final SimulatedTable table = table(ViewType.NEW_AND_OLD_IMAGES, 1);
    private final SimulatedTableClient client = client(table);

    private SimulatedTable table(ViewType viewType, int partitions) {
        return new SimulatedTable("todoListTask", Workload.KEY, viewType, partitions, 7, clock);
    }

    private static SimulatedTableClient client(SimulatedTable table) {
        return new SimulatedTableClient(table, Faults.none(), Runnable::run);
    }

    static <T> T get(CompletableFuture<T> answer) {
        assertThat(answer).isDone();
        return answer.join();
    }

    static ClientException.Kind failure(CompletableFuture<?> answer) {
        try {
            answer.get();
        } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(ClientException.class);
            assertThat(e.getCause()).hasMessageStartingWith("cannot ");
            return ((ClientException) e.getCause()).kind();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        throw new AssertionError("the call succeeded");
    }

    private static Item key(String id) {
        return Item.EMPTY.with("TaskId", Value.text(id));
    }

    private static Item task(String id, String list) {
        return key(id).with("ListId", Value.text(list));
    }

    private String stream() {
        return get(client.describeTable()).streamArn();
    }

    private List<Shard> shards() {
        return get(client.describeStream(stream(), null)).shards();
    }

    private List<Change> read(String shardId) {
        List<Change> changes = new ArrayList<>();
        String iterator = get(client.shardIterator(stream(), shardId, null));
        while (iterator != null) {
            ChangePage page = get(client.getRecords(iterator, 100));
            changes.addAll(page.changes());
            iterator = page.changes().isEmpty() ? null : page.nextIterator();
        }
        return changes;
    }

    @Nested
    class Records {

        @Test
        void carryBothImagesAndAGrowingSequenceNumber() {
            table.put(task("a", "x"));
            table.update(key("a"), Map.of("ListId", Value.text("y")), List.of());
            table.delete(key("a"));

            List<Change> changes = read(shards().get(0).shardId());
            assertThat(changes).hasSize(3);
            assertThat(changes.get(0).oldImage()).isNull();
            assertThat(changes.get(0).newImage()).isEqualTo(task("a", "x"));
            assertThat(changes.get(1).oldImage()).isEqualTo(task("a", "x"));
            assertThat(changes.get(1).newImage()).isEqualTo(task("a", "y"));
            assertThat(changes.get(2).oldImage()).isEqualTo(task("a", "y"));
            assertThat(changes.get(2).newImage()).isNull();
            assertThat(changes).extracting(Change::removal).containsExactly(false, false, true);
            assertThat(changes).extracting(Change::eventId).doesNotHaveDuplicates();
            assertThat(changes).allMatch(change -> change.keys().equals(key("a")));
            assertThat(changes).allMatch(change -> change.sequenceNumber().length() >= 21);
            assertThat(changes)
                    .extracting(change -> new BigInteger(change.sequenceNumber()))
                    .isSorted();
        }

        @Test
        void areCutToTheSecond() {
            table.put(task("a", "x"));

            assertThat(read(shards().get(0).shardId()).get(0).time())
                    .isEqualTo(START / 1000 * 1000);
        }

        @Test
        void ofNewImagesOnlyHaveNoOldOnes() {
            table.disableStream();
            table.enableStream(ViewType.NEW_IMAGE);
            table.put(task("a", "x"));
            table.put(task("a", "y"));
            table.expire(key("a"));

            List<Change> changes = read(shards().get(0).shardId());
            assertThat(changes).extracting(Change::oldImage).containsOnlyNulls();
            assertThat(changes)
                    .extracting(Change::newImage)
                    .containsExactly(task("a", "x"), task("a", "y"), null);
            assertThat(changes).extracting(Change::ttl).containsExactly(false, false, true);
        }

        @Test
        void areNotWrittenForAWriteThatChangesNothing() {
            table.put(key("a").with("N", Value.number("1")));
            table.put(key("a").with("N", Value.number("1.0")));
            table.update(key("a"), Map.of("N", Value.number("1.00")), List.of("gone"));
            table.delete(key("b"));

            assertThat(read(shards().get(0).shardId())).hasSize(1);
        }

        @Test
        void growBeyondTwentyOneDigits() {
            Set<Integer> lengths = new HashSet<>();
            for (int i = 0; i < 1000; i++) {
                table.put(task("a", "list-" + i));
            }
            read(shards().get(0).shardId())
                    .forEach(change -> lengths.add(change.sequenceNumber().length()));

            assertThat(lengths).containsExactlyInAnyOrder(21, 22);
        }
    }

    @Nested
    class Shards {

        @Test
        void rollOverToOneChildAndSplitIntoTwo() {
            table.put(task("a", "1"));
            table.rollOver();
            table.put(task("a", "2"));
            table.split(0);
            table.put(task("a", "3"));

            Map<String, Shard> byParent =
                    shards().stream()
                            .filter(shard -> shard.closed() && shard.parentShardId() != null)
                            .collect(Collectors.toMap(Shard::parentShardId, shard -> shard));
            Shard root = shards().stream().filter(s -> s.parentShardId() == null).findAny().get();
            Shard child = byParent.get(root.shardId());
            List<Shard> leaves =
                    shards().stream().filter(s -> !s.closed()).collect(Collectors.toList());
            assertThat(shards()).hasSize(4);
            assertThat(leaves).hasSize(2);
            assertThat(leaves).allMatch(leaf -> leaf.parentShardId().equals(child.shardId()));
            assertThat(read(root.shardId())).hasSize(1);
            assertThat(read(child.shardId())).hasSize(1);
            assertThat(leaves.stream().mapToInt(leaf -> read(leaf.shardId()).size()).sum())
                    .isEqualTo(1);
        }

        @Test
        void rollOverByThemselvesWithinFiveHours() {
            clock.advance(Duration.ofHours(5));

            assertThat(shards()).extracting(Shard::closed).containsExactlyInAnyOrder(true, false);
        }

        @Test
        void endWhenClosedOnly() {
            table.put(task("a", "1"));
            String shard = shards().get(0).shardId();
            String iterator = get(client.shardIterator(stream(), shard, null));
            assertThat(get(client.getRecords(iterator, 10)).nextIterator()).isNotNull();
            table.rollOver();

            assertThat(get(client.getRecords(iterator, 10)).nextIterator()).isNull();
        }

        @Test
        void areListedInPages() {
            for (int i = 0; i < 250; i++) {
                table.rollOver();
            }
            Set<String> ids = new HashSet<>();
            String after = null;
            int pages = 0;
            do {
                var page = get(client.describeStream(stream(), after));
                page.shards().forEach(shard -> ids.add(shard.shardId()));
                after = page.lastShardId();
                pages++;
            } while (after != null);

            assertThat(pages).isEqualTo(3);
            assertThat(ids).hasSize(251).containsAll(table.shardIds());
        }
    }

    @Nested
    class After24Hours {

        @Test
        void recordsAreTrimmedOneByOneAndShardsVanish() {
            table.put(task("a", "1"));
            clock.advance(Duration.ofHours(3));
            table.put(task("a", "2"));
            String shard = shards().get(0).shardId();
            String first = read(shard).get(0).sequenceNumber();
            String second = read(shard).get(1).sequenceNumber();
            clock.advance(Duration.ofHours(22));

            assertThat(failure(client.shardIterator(stream(), shard, first)))
                    .isEqualTo(ClientException.Kind.TRIMMED);
            assertThat(get(client.shardIterator(stream(), shard, second))).isNotNull();
            assertThat(read(shard)).hasSize(1);

            clock.advance(Duration.ofHours(30));
            assertThat(failure(client.shardIterator(stream(), shard, second)))
                    .isEqualTo(ClientException.Kind.NOT_FOUND);
            assertThat(shards()).extracting(Shard::shardId).doesNotContain(shard);
        }

        @Test
        void anIteratorWhoseRecordWentIsTrimmed() {
            table.put(task("a", "1"));
            clock.advance(Duration.ofHours(3));
            table.put(task("a", "2"));
            String shard = shards().get(0).shardId();
            clock.advance(Duration.ofHours(21));
            String iterator = get(client.shardIterator(stream(), shard, null));
            clock.advance(Duration.ofMinutes(1));

            assertThat(failure(client.getRecords(iterator, 10)))
                    .isEqualTo(ClientException.Kind.TRIMMED);
        }

        @Test
        void aDisabledStreamIsGone() {
            String old = stream();
            table.put(task("a", "1"));
            table.disableStream();
            table.put(task("a", "unseen"));
            table.enableStream(ViewType.NEW_AND_OLD_IMAGES);
            table.put(task("a", "2"));

            assertThat(stream()).isNotEqualTo(old);
            assertThat(get(client.describeStream(old, null)).streamEnabled()).isFalse();
            assertThat(get(client.describeStream(old, null)).shards()).allMatch(Shard::closed);
            assertThat(read(shards().get(0).shardId())).hasSize(1);

            clock.advance(Duration.ofHours(25));
            assertThat(failure(client.describeStream(old, null)))
                    .isEqualTo(ClientException.Kind.NOT_FOUND);
        }
    }

    @Nested
    class Iterators {

        @Test
        void giveTheSamePageAgainWhenReused() {
            table.put(task("a", "1"));
            table.put(task("b", "1"));
            String shard = shards().get(0).shardId();
            String iterator = get(client.shardIterator(stream(), shard, null));

            List<Change> once = get(client.getRecords(iterator, 1)).changes();
            assertThat(get(client.getRecords(iterator, 1)).changes()).isEqualTo(once);
        }

        @Test
        void expireAfter15Minutes() {
            String shard = shards().get(0).shardId();
            String iterator = get(client.shardIterator(stream(), shard, null));
            clock.advance(Duration.ofMinutes(15));
            assertThat(get(client.getRecords(iterator, 1)).changes()).isEmpty();
            clock.advance(Duration.ofMillis(1));

            assertThat(failure(client.getRecords(iterator, 1)))
                    .isEqualTo(ClientException.Kind.EXPIRED_ITERATOR);
        }

        @Test
        void refuseNumbersOfOtherShards() {
            String shard = shards().get(0).shardId();

            assertThat(failure(client.shardIterator(stream(), shard, "1")))
                    .isEqualTo(ClientException.Kind.REFUSED);
            assertThat(failure(client.getRecords("nonsense", 1)))
                    .isEqualTo(ClientException.Kind.REFUSED);
        }
    }

    @Nested
    class Scan {

        @Test
        void segmentsHaveAllItemsOnceAlsoIfTheLastKeyIsGone() {
            for (int i = 0; i < 1000; i++) {
                table.put(task("task-" + i, "x"));
            }
            Set<Item> seen = new HashSet<>();
            for (int segment = 0; segment < 7; segment++) {
                Item after = null;
                do {
                    ScanPage page = get(client.scan(segment, 7, after, 10));
                    assertThat(page.items()).hasSizeLessThanOrEqualTo(10);
                    page.items().forEach(item -> assertThat(seen.add(item)).isTrue());
                    after = page.lastKey();
                    if (after != null) {
                        table.delete(after);
                    }
                } while (after != null);
            }

            assertThat(seen).hasSize(1000);
        }

        @Test
        void endsAPageAtOneMegabyte() {
            for (int i = 0; i < 10; i++) {
                table.put(key("task-" + i).with("B", Value.binary(new byte[400_000])));
            }
            ScanPage page = get(client.scan(0, 1, null, 1000));

            assertThat(page.items()).hasSize(3);
            assertThat(page.consumedCapacity()).isBetween(292.0, 295.0);
        }

        @Test
        void refusesAKeyOfAnotherSegment() {
            for (int i = 0; i < 100; i++) {
                table.put(task("task-" + i, "x"));
            }
            Item inFirst = get(client.scan(0, 2, null, 1)).lastKey();

            assertThat(failure(client.scan(1, 2, inFirst, 1)))
                    .isEqualTo(ClientException.Kind.REFUSED);
        }
    }

    @Test
    void aTableMadeAnewIsAnotherTable() {
        TableDescription before = get(client.describeTable());
        table.put(task("a", "1"));
        table.recreate();
        TableDescription after = get(client.describeTable());

        assertThat(after.tableId()).isNotEqualTo(before.tableId());
        assertThat(after.streamArn()).isNotEqualTo(before.streamArn());
        assertThat(table.items()).isEmpty();
    }

    @Test
    void anUpdateKeepsTheKey() {
        assertThatThrownBy(
                        () -> table.update(key("a"), Map.of("TaskId", Value.text("b")), List.of()))
                .hasMessageContaining("its key must not change");
    }
}
