package dev.tally.bench.kafka;

import dev.tally.bench.rivals.Delivery;
import dev.tally.bench.rivals.Group;
import dev.tally.bench.run.Contestant;
import dev.tally.bench.run.Figures;
import dev.tally.bench.run.Setting;
import dev.tally.bench.run.Stopwatch;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Totals;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.Topology;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.state.BuiltInDslStoreSuppliers;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The workload's view in Kafka Streams, at least once: from the first record that its topology
 * reads until all totals are out and all positions committed. The topic is filled beforehand. The
 * broker's processor time is a figure apart.
 */
final class KafkaTotals implements Contestant {

    private static final String CHANGES = "changes";
    private static final String GROUPS = "totals-groups-repartition";
    private static final String APPLICATION = "totals";
    private static final long CACHE_BYTES = 64L << 20;
    private static final Duration COMMITS = Duration.ofSeconds(1);
    private static final long POLL_MILLIS = 20;

    private static final Serde<String> TEXT = Serdes.String();
    private static final Serde<Delivery> DELIVERY = BytesOf.type(Delivery::write, Delivery::read);
    private static final Serde<Group> GROUP = BytesOf.type(Group::write, Group::read);

    private final AtomicReference<Stopwatch> started = new AtomicReference<>();
    private final AtomicLong rows = new AtomicLong();
    private final Map<String, Totals> found = new ConcurrentHashMap<>();
    private final AtomicLong read = new AtomicLong();

    @Override
    public Figures run(Changes changes, Setting setting, Path scratch) throws Exception {
        started.set(null);
        rows.set(0);
        read.set(0);
        found.clear();
        Path state = scratch.resolve("state");
        try (Broker broker = Broker.start(scratch);
                Admin admin = Admin.create(Map.of("bootstrap.servers", broker.address()))) {
            admin.createTopics(List.of(new NewTopic(CHANGES, setting.slots(), (short) 1)))
                    .all()
                    .get();
            fill(broker.address(), changes);
            Duration before = broker.cpu();
            Figures figures = stream(changes, setting, broker.address(), admin, state);
            double brokerMicros = broker.cpu().minus(before).toNanos() / 1e3;
            return figures.with("stateBytes", bytes(state))
                    .with("brokerCpuMicros", brokerMicros / changes.size());
        }
    }

    private Figures stream(
            Changes changes, Setting setting, String address, Admin admin, Path state)
            throws Exception {
        CountDownLatch allRead = new CountDownLatch(1);
        try (KafkaStreams streams =
                new KafkaStreams(
                        topology(setting.full(), changes.size(), allRead),
                        properties(address, setting, state))) {
            streams.start();
            allRead.await();
            awaitCommitted(admin);
            long nanos = started.get().nanos();
            long cpu = started.get().cpuNanos();
            return Figures.of(changes, setting.full(), nanos, cpu, found).with("rows", rows.get());
        }
    }

    private static void fill(String address, Changes changes) {
        Map<String, Object> settings = new HashMap<>();
        settings.put(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, address);
        settings.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        settings.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        try (KafkaProducer<String, Delivery> producer =
                new KafkaProducer<>(settings, TEXT.serializer(), DELIVERY.serializer())) {
            for (int i = 0; i < changes.size(); i++) {
                Delivery delivery = Delivery.of(changes, i);
                producer.send(new ProducerRecord<>(CHANGES, delivery.item(), delivery));
            }
        }
    }

    private Topology topology(boolean full, int changes, CountDownLatch allRead) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(CHANGES, Consumed.with(TEXT, DELIVERY))
                .peek((item, delivery) -> count(changes, allRead))
                .groupByKey()
                .reduce(
                        (old, now) -> now.sequence() > old.sequence() ? now : old,
                        Materialized.<String, Delivery, KeyValueStore<Bytes, byte[]>>as("items")
                                .withKeySerde(TEXT)
                                .withValueSerde(DELIVERY))
                .filter((item, delivery) -> delivery.group() != null)
                .groupBy(
                        (item, delivery) -> KeyValue.pair(delivery.group(), delivery),
                        Grouped.with("groups", TEXT, DELIVERY))
                .aggregate(
                        Group::new,
                        (name, delivery, group) -> {
                            group.add(delivery, full);
                            return group;
                        },
                        (name, delivery, group) -> {
                            group.retract(delivery, full);
                            return group.empty() ? null : group;
                        },
                        Materialized.<String, Group, KeyValueStore<Bytes, byte[]>>as("groups")
                                .withKeySerde(TEXT)
                                .withValueSerde(GROUP))
                .toStream()
                .foreach((name, group) -> keep(name, group == null ? null : group.totals(full)));
        return builder.build();
    }

    private void count(int changes, CountDownLatch allRead) {
        long n = read.incrementAndGet();
        if (n == 1) {
            started.set(new Stopwatch());
        }
        if (n == changes) {
            allRead.countDown();
        }
    }

    private void keep(String name, Totals totals) {
        rows.incrementAndGet();
        if (totals == null) {
            found.remove(name);
        } else {
            found.put(name, totals);
        }
    }

    private static Properties properties(String address, Setting setting, Path state) {
        Properties properties = new Properties();
        properties.put(StreamsConfig.APPLICATION_ID_CONFIG, APPLICATION);
        properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, address);
        properties.put(StreamsConfig.STATE_DIR_CONFIG, state.toString());
        properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, setting.slots());
        properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, COMMITS.toMillis());
        properties.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES);
        properties.put(
                StreamsConfig.DSL_STORE_SUPPLIERS_CLASS_CONFIG,
                setting.rocks()
                        ? BuiltInDslStoreSuppliers.RocksDBDslStoreSuppliers.class
                        : BuiltInDslStoreSuppliers.InMemoryDslStoreSuppliers.class);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        return properties;
    }

    /**
     * Until nothing is left of either topic. A commit of the first half comes after all that it
     * caused is on the topic between them, one of the second half after its totals are out.
     */
    private static void awaitCommitted(Admin admin) throws Exception {
        while (left(admin, CHANGES) > 0 || left(admin, GROUPS) > 0) {
            TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
        }
    }

    private static long left(Admin admin, String topic) throws Exception {
        Map<TopicPartition, OffsetAndMetadata> committed =
                admin.listConsumerGroupOffsets(APPLICATION).partitionsToOffsetAndMetadata().get();
        int partitions =
                admin.describeTopics(List.of(topic))
                        .allTopicNames()
                        .get()
                        .get(topic)
                        .partitions()
                        .size();
        Map<TopicPartition, OffsetSpec> all =
                Stream.iterate(0, p -> p + 1)
                        .limit(partitions)
                        .collect(
                                Collectors.toMap(
                                        p -> new TopicPartition(topic, p),
                                        p -> OffsetSpec.latest()));
        long left = 0;
        for (var end : admin.listOffsets(all).all().get().entrySet()) {
            OffsetAndMetadata done = committed.get(end.getKey());
            left += end.getValue().offset() - (done == null ? 0 : done.offset());
        }
        return left;
    }

    private static double bytes(Path folder) throws Exception {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }
}
