package dev.tally.bench.rivals;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tally.bench.workload.Totals;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksIterator;
import org.rocksdb.RocksObject;
import org.rocksdb.WriteOptions;

/**
 * Items, groups, and how often each amount and each customer is in a group: four column families,
 * without a log of writes. For one thread.
 */
final class RocksTotals implements AutoCloseable {

    private static final long CACHE_BYTES = 256L << 20;
    private static final byte[] ONE = number(1);

    private final boolean full;
    private final RocksDB rocks;
    private final ColumnFamilyHandle items;
    private final ColumnFamilyHandle groups;
    private final ColumnFamilyHandle amounts;
    private final ColumnFamilyHandle customers;
    private final List<RocksObject> opened = new ArrayList<>();
    private final WriteOptions write;

    RocksTotals(Path folder, boolean full) throws RocksDBException {
        this.full = full;
        RocksDB.loadLibrary();
        BlockBasedTableConfig table =
                new BlockBasedTableConfig()
                        .setBlockCache(open(new LRUCache(CACHE_BYTES)))
                        .setFilterPolicy(open(new BloomFilter(10, false)));
        ColumnFamilyOptions each = open(new ColumnFamilyOptions().setTableFormatConfig(table));
        each.setCompressionType(CompressionType.LZ4_COMPRESSION);
        DBOptions options =
                open(new DBOptions().setCreateIfMissing(true).setCreateMissingColumnFamilies(true));
        write = open(new WriteOptions().setDisableWAL(true));
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        rocks =
                RocksDB.open(
                        options,
                        folder.toString(),
                        List.of(
                                new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, each),
                                new ColumnFamilyDescriptor("groups".getBytes(UTF_8), each),
                                new ColumnFamilyDescriptor("amounts".getBytes(UTF_8), each),
                                new ColumnFamilyDescriptor("customers".getBytes(UTF_8), each)),
                        handles);
        items = handles.get(0);
        groups = handles.get(1);
        amounts = handles.get(2);
        customers = handles.get(3);
    }

    private <T extends RocksObject> T open(T object) {
        opened.add(object);
        return object;
    }

    void apply(Delivery after) throws RocksDBException {
        byte[] key = after.item().getBytes(UTF_8);
        byte[] old = rocks.get(items, key);
        Image before = old == null ? null : Image.of(old);
        if (before != null && before.sequence >= after.sequence()) {
            return;
        }
        Image image = new Image(after);
        rocks.put(items, write, key, image.bytes());
        boolean retracts = before != null && before.group.length > 0;
        boolean adds = image.group.length > 0;
        if (retracts && adds && Arrays.equals(before.group, image.group)) {
            change(image.group, before, image);
        } else {
            if (retracts) {
                change(before.group, before, null);
            }
            if (adds) {
                change(image.group, null, image);
            }
        }
    }

    private void change(byte[] key, Image retract, Image add) throws RocksDBException {
        byte[] stored = rocks.get(groups, key);
        Group group = stored == null ? new Group() : Group.of(stored);
        if (retract != null) {
            group.count--;
            group.sum -= retract.amount;
            if (full) {
                retract(key, group, retract);
            }
        }
        if (add != null) {
            group.count++;
            group.sum += add.amount;
            if (full) {
                add(key, group, add);
            }
        }
        if (group.count == 0) {
            rocks.delete(groups, write, key);
        } else {
            rocks.put(groups, write, key, group.bytes());
        }
    }

    private void add(byte[] key, Group group, Image image) throws RocksDBException {
        increment(amounts, amountKey(key, image.amount));
        group.min = Math.min(group.min, image.amount);
        group.max = Math.max(group.max, image.amount);
        if (increment(customers, customerKey(key, image.customer))) {
            group.distinct++;
        }
    }

    private void retract(byte[] key, Group group, Image image) throws RocksDBException {
        boolean gone = decrement(amounts, amountKey(key, image.amount));
        if (gone && image.amount == group.min) {
            group.min = extreme(key, true);
        }
        if (gone && image.amount == group.max) {
            group.max = extreme(key, false);
        }
        if (decrement(customers, customerKey(key, image.customer))) {
            group.distinct--;
        }
    }

    /** Whether it is the first. */
    private boolean increment(ColumnFamilyHandle family, byte[] key) throws RocksDBException {
        byte[] n = rocks.get(family, key);
        rocks.put(family, write, key, n == null ? ONE : number(number(n) + 1));
        return n == null;
    }

    /** Whether it was the last. */
    private boolean decrement(ColumnFamilyHandle family, byte[] key) throws RocksDBException {
        long n = number(rocks.get(family, key));
        if (n == 1) {
            rocks.delete(family, write, key);
        } else {
            rocks.put(family, write, key, number(n - 1));
        }
        return n == 1;
    }

    /** The least or the greatest amount that is left in a group. */
    private long extreme(byte[] group, boolean least) {
        try (RocksIterator at = rocks.newIterator(amounts)) {
            if (least) {
                at.seek(amountKey(group, Long.MIN_VALUE));
            } else {
                at.seekForPrev(amountKey(group, Long.MAX_VALUE));
            }
            byte[] key = at.isValid() ? at.key() : null;
            if (key == null
                    || key.length != group.length + Long.BYTES
                    || !Arrays.equals(key, 0, group.length, group, 0, group.length)) {
                return least ? Long.MAX_VALUE : Long.MIN_VALUE;
            }
            return ByteBuffer.wrap(key).getLong(group.length) ^ Long.MIN_VALUE;
        }
    }

    /** Amounts in their order, negative ones first. */
    private static byte[] amountKey(byte[] group, long amount) {
        return ByteBuffer.allocate(group.length + Long.BYTES)
                .put(group)
                .putLong(amount ^ Long.MIN_VALUE)
                .array();
    }

    private static byte[] customerKey(byte[] group, byte[] customer) {
        return ByteBuffer.allocate(group.length + customer.length).put(group).put(customer).array();
    }

    private static byte[] number(long n) {
        return ByteBuffer.allocate(Long.BYTES).putLong(n).array();
    }

    private static long number(byte[] n) {
        return ByteBuffer.wrap(n).getLong();
    }

    void flush() throws RocksDBException {
        try (FlushOptions wait = new FlushOptions().setWaitForFlush(true)) {
            rocks.flush(wait, List.of(items, groups, amounts, customers));
        }
    }

    long bytes() throws RocksDBException {
        long bytes = 0;
        for (ColumnFamilyHandle family : List.of(items, groups, amounts, customers)) {
            bytes += rocks.getLongProperty(family, "rocksdb.live-sst-files-size");
        }
        return bytes;
    }

    Map<String, Totals> all() {
        Map<String, Totals> all = new HashMap<>();
        try (RocksIterator at = rocks.newIterator(groups)) {
            for (at.seekToFirst(); at.isValid(); at.next()) {
                all.put(new String(at.key(), UTF_8), Group.of(at.value()).totals(full));
            }
        }
        return all;
    }

    @Override
    public void close() {
        List.of(items, groups, amounts, customers).forEach(RocksObject::close);
        rocks.close();
        opened.forEach(RocksObject::close);
    }

    /** An item's newest delivery; its group is empty if it is removed. */
    private static final class Image {
        private final long sequence;
        private final long amount;
        private final byte[] group;
        private final byte[] customer;

        private Image(long sequence, long amount, byte[] group, byte[] customer) {
            this.sequence = sequence;
            this.amount = amount;
            this.group = group;
            this.customer = customer;
        }

        Image(Delivery delivery) {
            this(
                    delivery.sequence(),
                    delivery.amount(),
                    delivery.group() == null ? new byte[0] : delivery.group().getBytes(UTF_8),
                    delivery.customer().getBytes(UTF_8));
        }

        static Image of(byte[] bytes) {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            long sequence = in.getLong();
            long amount = in.getLong();
            byte[] group = new byte[in.get()];
            in.get(group);
            byte[] customer = new byte[in.remaining()];
            in.get(customer);
            return new Image(sequence, amount, group, customer);
        }

        byte[] bytes() {
            return ByteBuffer.allocate(2 * Long.BYTES + 1 + group.length + customer.length)
                    .putLong(sequence)
                    .putLong(amount)
                    .put((byte) group.length)
                    .put(group)
                    .put(customer)
                    .array();
        }
    }

    private static final class Group {
        private long count;
        private long sum;
        private long min = Long.MAX_VALUE;
        private long max = Long.MIN_VALUE;
        private long distinct;

        static Group of(byte[] bytes) {
            ByteBuffer in = ByteBuffer.wrap(bytes);
            Group group = new Group();
            group.count = in.getLong();
            group.sum = in.getLong();
            group.min = in.getLong();
            group.max = in.getLong();
            group.distinct = in.getLong();
            return group;
        }

        byte[] bytes() {
            return ByteBuffer.allocate(5 * Long.BYTES)
                    .putLong(count)
                    .putLong(sum)
                    .putLong(min)
                    .putLong(max)
                    .putLong(distinct)
                    .array();
        }

        Totals totals(boolean full) {
            double average = (double) sum / count;
            return full
                    ? new Totals(count, sum, average, min, max, distinct)
                    : new Totals(count, sum, average, -1, -1, -1);
        }
    }
}
