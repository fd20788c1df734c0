package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.aggregate.GroupState;
import dev.tally.aggregate.Recount;
import dev.tally.aggregate.measure.ValueKey;
import dev.tally.codec.Codec;
import dev.tally.diff.ItemState;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import dev.tally.sink.Pending;
import dev.tally.sink.Removal;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.enumerator.EnumeratorState;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTables;
import dev.tally.source.simulated.VirtualClock;
import dev.tally.source.simulated.Workload;
import dev.tally.source.split.TableSplit;
import dev.tally.testing.SourceTree;
import dev.tally.view.GroupKey;
import dev.tally.view.Member;
import dev.tally.view.Membership;
import dev.tally.view.Row;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Savepoints are a contract: one of every released layout of the state stands in {@code
 * src/test/resources/savepoints} and is restored at other parallelisms, over a simulated table that
 * is the very one that the savepoint is of: the same seed and clock give the same ids.
 *
 * <p>If {@link #theNewestGoldenIsOfThisLayout} fails, a uid or a codec has changed: savepoints of
 * users hold the old one. See to it that it is still read, raise {@code LAYOUT}, and write the new
 * golden with {@code -Dtally.golden=write}, which leaves the old ones alone.
 */
class GoldenSavepointITCase {

    /** Name of the newest golden savepoint. */
    private static final String LAYOUT = "4";

    private static final int[] NOW = {1, 2, 5};
    private static final int[] BEFORE = {2};

    private static final boolean WRITE = "write".equals(System.getProperty("tally.golden"));
    private static final long BEGIN = 1_790_000_000_000L;
    private static final int OPERATIONS = 400;

    private static final String[] VIEWS = {
        "tables: { tasks: { name: todoListTask } }",
        "views:",
        "  golden-counts:",
        "    table: tasks",
        "    group-by: [ListId]",
        "    measures:",
        TableJob.MEASURES,
        "    to: { table: golden-counts }",
        "  golden-open:",
        "    table: tasks",
        "    where: { Status: [open] }",
        "    group-by: [Title]",
        "    measures: { OpenTasks: count }",
        "    to: { table: golden-open, empty-group: delete, freshness: eager }",
        "feeds: { golden-changes: { table: tasks, to: { stream: golden-changes } } }"
    };

    private final VirtualClock clock = new VirtualClock(BEGIN);
    private final SimulatedTables tables = new SimulatedTables(getClass().getName());
    private final Workload workload = new Workload(17, 120, 9);
    private SimulatedTable table;

    private static Path goldens() {
        return SourceTree.root().resolve("job/src/test/resources/savepoints");
    }

    /** The newest golden savepoint at each parallelism, older ones at that which they are of. */
    static List<Object[]> restores() throws IOException {
        List<Object[]> restores = new ArrayList<>();
        try (Stream<Path> folders = Files.list(goldens())) {
            for (Path folder : folders.sorted().collect(Collectors.toList())) {
                String layout = folder.getFileName().toString();
                for (int parallelism : layout.equals(LAYOUT) ? NOW : BEFORE) {
                    restores.add(new Object[] {layout, parallelism});
                }
            }
        }
        return restores;
    }

    /** The table that every golden is of. */
    @BeforeEach
    void serve() {
        table =
                new SimulatedTable(
                        "todoListTask", Workload.KEY, ViewType.NEW_AND_OLD_IMAGES, 2, 17, clock);
        write(OPERATIONS);
        // Time goes on with each step of a call.
        tables.serve(
                table,
                Faults.none(),
                step -> {
                    clock.advance(Duration.ofMillis(20));
                    step.run();
                });
    }

    private void write(int operations) {
        for (int i = 0; i < operations; i++) {
            clock.advance(Duration.ofMillis(500));
            workload.next().applyTo(table);
        }
    }

    @AfterEach
    void clear() {
        tables.clear();
    }

    @Test
    void theNewestGoldenIsOfThisLayout(@TempDir Path folder) throws Exception {
        Path golden = goldens().resolve(LAYOUT);
        try (TestJob job = TestJob.of(folder, VIEWS).reading(tables)) {
            if (WRITE && !Files.exists(golden)) {
                job.start(2);
                awaitExact(job);
                Path savepoint = Path.of(java.net.URI.create(job.stop()));
                Files.createDirectories(golden);
                try (Stream<Path> files = Files.list(savepoint)) {
                    for (Path file : files.collect(Collectors.toList())) {
                        Files.copy(file, golden.resolve(file.getFileName()));
                    }
                }
                Files.writeString(golden.resolve("layout.txt"), layout(job));
            }
            assertThat(layout(job)).isEqualTo(Files.readString(golden.resolve("layout.txt")));
        }
    }

    @ParameterizedTest(name = "layout {0} at parallelism {1}")
    @MethodSource("restores")
    void isRestored(String layout, int parallelism, @TempDir Path folder) throws Exception {
        clock.advance(Duration.ofHours(2));
        write(100);
        try (TestJob job = TestJob.of(folder, VIEWS).reading(tables)) {
            job.start(parallelism, goldens().resolve(layout).toUri().toString());
            awaitExact(job);
            write(20);
            awaitExact(job);
            assertThat(job.statusOf("golden-counts", "Reason")).isEqualTo("first");
        }
    }

    /** Names of operators and versions of what is in their state: all that a savepoint hangs on. */
    private static String layout(TestJob job) {
        Map<String, Codec<?>> codecs = new LinkedHashMap<>();
        codecs.put("ItemKey", ItemKey.CODEC);
        codecs.put("GroupKey", GroupKey.CODEC);
        codecs.put("EnumeratorState", EnumeratorState.CODEC);
        codecs.put("TableSplit", TableSplit.CODEC);
        codecs.put("ItemState", ItemState.CODEC);
        codecs.put("StageMark of items", dev.tally.diff.StageMark.CODEC);
        codecs.put("GroupState", GroupState.CODEC);
        codecs.put("ValueKey", ValueKey.CODEC);
        codecs.put("StageMark of groups", dev.tally.aggregate.StageMark.CODEC);
        codecs.put("ViewMark", dev.tally.aggregate.ViewMark.CODEC);
        codecs.put("Pending", Pending.CODEC);
        codecs.put("Removal", Removal.CODEC);
        codecs.put("Row", Row.CODEC);
        StringBuilder layout = new StringBuilder();
        OperatorIds.of(job.config().views()).forEach(uid -> layout.append(uid).append('\n'));
        codecs.forEach(
                (name, codec) ->
                        layout.append(name)
                                .append(" version ")
                                .append(codec.version())
                                .append('\n'));
        return layout.toString();
    }

    private void awaitExact(TestJob job) {
        Preflight preflight = job.preflight();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(
                        () -> {
                            for (ViewSpec view : job.config().views().views()) {
                                exact(preflight, view);
                            }
                        });
    }

    private void exact(Preflight preflight, ViewSpec view) {
        Membership membership = preflight.membership(view);
        Recount recount = new Recount(view);
        for (Item item : table.items()) {
            for (Member member : membership.of(item, (problem, reason) -> {})) {
                recount.add(member);
            }
        }
        Map<GroupKey, List<Value>> right = new HashMap<>();
        recount.results().forEach((group, values) -> right.put(group, Arrays.asList(values)));
        Map<GroupKey, List<Value>> shown = new HashMap<>();
        try (TargetRows target = preflight.targetRows(List.of(view))) {
            Item next = null;
            do {
                TargetRows.Page page = target.read(view, next).join();
                for (TargetRow row : page.rows()) {
                    List<Value> values = Arrays.asList(row.measures());
                    boolean nothing =
                            row.tombstone() || values.equals(Arrays.asList(recount.nothing()));
                    if (!nothing || right.containsKey(row.group())) {
                        shown.put(row.group(), values);
                    }
                }
                next = page.next();
            } while (next != null);
        }
        assertThat(shown).as(view.name()).isEqualTo(right);
    }
}
