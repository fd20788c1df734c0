package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import dev.tally.sink.KinesisStream;
import dev.tally.testing.HoldingProxy;
import dev.tally.testing.HoldingProxy.Fate;
import dev.tally.testing.LocalDynamoDb;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * No item value, no group and no key in anything that is logged, printed, measured or shown by the
 * web UI: every value of every item has a mark, everything is looked through for the marks. On the
 * way there are refused values, groups and rows, a service that quotes all that it refuses, and a
 * failure with its stack trace.
 */
class NothingLeaksITCase {

    private static final String TEXT = "zqxmark";
    private static final String NUMBER = "918273645091827364509";
    private static final List<String> MARKS =
            List.of(
                    TEXT,
                    NUMBER,
                    Base64.getEncoder().encodeToString("zqxmar".getBytes(StandardCharsets.UTF_8)));

    private static final String[] VIEWS = {
        "tables: { tasks: { name: leak-tasks } }",
        "views:",
        "  lists:",
        "    table: tasks",
        "    group-by: [ListId]",
        "    measures: { Tasks: count, Effort: { sum: Effort }, Last: { max: Title, type: S },",
        "      Wrong: { sum: Odd } }",
        "    to: { table: leak-lists }",
        "  eager:",
        "    table: tasks",
        "    group-by: [{ each: Tags }]",
        "    measures: { Tasks: count, Bytes: { count-distinct: Blob } }",
        "    to: { table: leak-tags, freshness: eager, empty-group: delete }",
        "feeds:",
        "  tasks: { table: tasks, to: { stream: leak-changes } }"
    };

    private final TestTable tasks = new TestTable("leak-tasks", TestTable.TASK_ID);

    @Test
    void intoLogsMetricsPagesOrOutput(@TempDir Path folder) throws Exception {
        PrintStream out = System.out;
        PrintStream err = System.err;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        PrintStream both = new PrintStream(printed, true, StandardCharsets.UTF_8);
        try (AllLogs logs = new AllLogs();
                HoldingProxy proxy = new HoldingProxy(LocalDynamoDb.shared().endpoint());
                TestJob job = TestJob.behind(proxy.endpoint(), folder, VIEWS).restarting()) {
            System.setOut(both);
            System.setErr(both);
            Map<String, String> pages = run(job, proxy);
            String exceptions = pages.get("/jobs/" + job.id() + "/exceptions");
            job.stop();

            String logged = String.join("\n", logs.lines());
            assertThat(logged.contains("dead letter row-")).isTrue();
            assertThat(logged.contains("ValidationException: ")).isTrue();
            assertThat(exceptions)
                    .contains("cannot read the rows of view")
                    .contains("ValidationException")
                    .contains("permission is denied");
            List<String> said = new ArrayList<>(logs.lines());
            pages.forEach((path, text) -> said.add(path + " " + text));
            said.add(printed.toString(StandardCharsets.UTF_8));
            assertThat(said).hasSizeGreaterThan(100).allSatisfy(NothingLeaksITCase::isUnmarked);
        } finally {
            System.setOut(out);
            System.setErr(err);
        }
    }

    private Map<String, String> run(TestJob job, HoldingProxy proxy) throws Exception {
        for (int i = 0; i < 40; i++) {
            tasks.put(task(i, i % 5));
        }
        tasks.put(task(40, 5).with("ListId", Value.text(TEXT.repeat(400))));
        tasks.put(task(41, 5).with("ListId", Value.TRUE));
        tasks.put(task(42, 5).with("Odd", Value.text(TEXT)));
        job.start(2);
        // Only now: a start probes by requests that must be refused.
        proxy.next(1, "Scan", ofTable("leak-lists"), Fate.REFUSE);
        proxy.next(3, "UpdateItem", ofTable("leak-lists"), Fate.REFUSE);
        proxy.next(3, "UpdateItem", ofTable("leak-tags"), Fate.REFUSE);
        job.awaitExact();
        for (int i = 0; i < 20; i++) {
            ItemKey key = ItemKey.of(TestTable.TASK_ID, task(i, 0));
            tasks.update(key, Map.of("ListId", Value.text(TEXT + "-list-7")), List.of("Tags"));
        }
        tasks.delete(ItemKey.of(TestTable.TASK_ID, task(30, 0)));
        proxy.next(1, "UpdateItem", ofTable("leak-lists"), Fate.DENY);
        tasks.put(task(50, 1));
        job.awaitExact();
        assertThat(KinesisStream.existing("leak-changes").records()).isNotEmpty();
        return RestPages.of(job.web(), job.id());
    }

    private static String ofTable(String name) {
        return "\"TableName\":\"" + name + "\"";
    }

    private static Item task(int id, int list) {
        Map<String, Value> task = new TreeMap<>();
        task.put("TaskId", Value.text(TEXT + "-task-" + id));
        task.put("ListId", Value.text(TEXT + "-list-" + list));
        task.put("Title", Value.text("a title with " + TEXT));
        task.put("Effort", Value.number(NUMBER + "." + id));
        task.put("Tags", Value.textSet(TEXT + "-tag-" + id % 3, TEXT + "-tag"));
        task.put("Blob", Value.binary((TEXT + id).getBytes(StandardCharsets.UTF_8)));
        task.put("More", Value.map(Map.of("Deep", Value.list(List.of(Value.text(TEXT))))));
        task.put("Bytes", Value.set(Type.NS, List.of(Value.number(NUMBER))));
        return Item.of(task);
    }

    private static void isUnmarked(String said) {
        for (String mark : MARKS) {
            assertThat(said).doesNotContain(mark);
        }
    }
}
