package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.sink.DeadLetters;
import dev.tally.sink.KinesisStream;
import dev.tally.sink.StatusTable;
import dev.tally.source.client.LocalTables;
import dev.tally.testing.DenyingProxy;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.testing.LocalKinesis;
import dev.tally.testing.SourceTree;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The generated policy of the role lets the job do its work, and says nothing that the job does not
 * need: the services deny whatever else is asked of them.
 */
class PolicyITCase {

    private static final String[] VIEWS = {
        "tables: { tasks: { name: policy-tasks } }",
        "views:",
        "  lists:",
        "    table: tasks",
        "    group-by: [ListId]",
        "    measures: { Tasks: count, Effort: { sum: Effort } }",
        "    to: { table: policy-lists }",
        "  tags:",
        "    table: tasks",
        "    group-by: [{ each: Tags }]",
        "    measures: { Tasks: count }",
        "    to: { table: policy-tags, freshness: eager, empty-group: delete }",
        "  streamed:",
        "    table: tasks",
        "    group-by: [ListId]",
        "    measures: { Tasks: count }",
        "    to: { stream: policy-rows }",
        "feeds:",
        "  changes: { table: tasks, to: { stream: policy-changes } }"
    };

    private static final String STATUS = "policy-status";
    private static final String LETTERS = "policy-letters";
    private static final String ARN =
            "arn:aws:%s:" + RolePolicy.REGION + ":" + RolePolicy.ACCOUNT + ":%s";

    private static final String BATCH_WRITE =
            "dynamodb:BatchWriteItem on " + String.format(ARN, "dynamodb", "table/" + LETTERS);

    private static TestTable tasks;

    @BeforeAll
    static void makeTables() {
        DynamoDbClient client = LocalDynamoDb.shared().client();
        tasks = new TestTable("policy-tasks", TestTable.TASK_ID);
        tasks.put(task(1, "home", Value.number(1)));
        tasks.put(task(2, "work", Value.number(2)));
        tasks.put(task(3, "home", Value.text("much")));
        LocalTables.create(client, "policy-lists", key("ListId"), null);
        LocalTables.create(client, "policy-tags", key("Tags"), null);
        LocalTables.create(client, STATUS, StatusTable.KEY, null);
        LocalTables.create(client, LETTERS, DeadLetters.KEY, null);
        KinesisStream.create("policy-rows", 1);
        KinesisStream.create("policy-changes", 1);
    }

    @Test
    void isEnoughAndNotMore(@TempDir Path folder) throws Exception {
        RolePolicy policy = policy(folder);
        try (DenyingProxy tables = before(LocalDynamoDb.shared().endpoint(), policy);
                DenyingProxy streams = before(LocalKinesis.shared().endpoint(), policy);
                TestJob job = job(folder, tables, streams)) {
            job.start(2);
            job.awaitExact();
            change(4);
            job.awaitExact();
            await().atMost(Duration.ofSeconds(20)).until(() -> tables.used().contains(BATCH_WRITE));
            job.stop();
            assertThat(tables.denied()).isEmpty();
            assertThat(streams.denied()).isEmpty();
            TestJob.Verdict verdict = job.verify();
            assertThat(verdict.code()).as(verdict.text()).isZero();
            assertThat(Feed.read("policy-changes", TestTable.TASK_ID).entries()).isNotEmpty();

            List<String> used = new ArrayList<>(tables.used());
            used.addAll(streams.used());
            List<String> granted = new ArrayList<>(policy.grants());
            // Of the service itself, which reads the jar and writes the log.
            granted.removeIf(grant -> grant.startsWith("s3:") || grant.startsWith("logs:"));
            assertThat(used).containsExactlyInAnyOrderElementsOf(granted);
        }
    }

    @Test
    void isMissedAtTheStart(@TempDir Path folder) throws Exception {
        RolePolicy whole = policy(folder);
        String scan = "dynamodb:Scan on " + String.format(ARN, "dynamodb", "table/policy-lists");
        RolePolicy policy = whole.without(scan);
        try (DenyingProxy tables = before(LocalDynamoDb.shared().endpoint(), policy);
                DenyingProxy streams = before(LocalKinesis.shared().endpoint(), policy);
                TestJob job = job(folder, tables, streams)) {
            assertThatThrownBy(() -> job.start(1))
                    .isInstanceOf(UserError.class)
                    .hasMessageContaining("cannot read table policy-lists: permission is denied");
            assertThat(tables.denied()).contains(scan).containsOnly(scan);
        }
    }

    @Test
    void isMissedWhileTheJobRuns(@TempDir Path folder) throws Exception {
        RolePolicy whole = policy(folder);
        String stream = "table/policy-tasks/stream/*";
        RolePolicy policy =
                whole.without("dynamodb:GetRecords on " + String.format(ARN, "dynamodb", stream));
        try (DenyingProxy tables = before(LocalDynamoDb.shared().endpoint(), policy);
                DenyingProxy streams = before(LocalKinesis.shared().endpoint(), policy);
                TestJob job = job(folder, tables, streams)) {
            // An event that misses the failed task can be the first failure that Flink sees.
            job.restarting().start(1);
            await().atMost(Duration.ofSeconds(30)).until(job::hasEnded);
            assertThat(job.failure()).contains("allow the action dynamodb:GetRecords");
            assertThat(tables.denied())
                    .isNotEmpty()
                    .allMatch(denied -> denied.startsWith("dynamodb:GetRecords on "));
        }
    }

    private static DenyingProxy before(URI service, RolePolicy policy) {
        return new DenyingProxy(service, RolePolicy.REGION, RolePolicy.ACCOUNT, policy::allows);
    }

    /** That of the template which the command prints for these views. */
    private static RolePolicy policy(Path folder) throws Exception {
        System.setProperty("tally.home", SourceTree.root().toString());
        Path views = Files.write(folder.resolve("views.yaml"), List.of(VIEWS));
        List<String> line = new ArrayList<>(List.of("managed-template"));
        line.addAll(List.of("--views", views.toString(), "--name", "policy"));
        line.addAll(options());
        TestJob.Verdict template = TestJob.Verdict.of(line);
        assertThat(template.code()).as(template.text()).isZero();
        return RolePolicy.of(template.text());
    }

    private static TestJob job(Path folder, DenyingProxy tables, DenyingProxy streams)
            throws Exception {
        List<String> options = new ArrayList<>(options());
        options.add("-Dkinesis.endpoint=" + streams.endpoint());
        return TestJob.with(options, tables.endpoint(), folder, VIEWS);
    }

    private static List<String> options() {
        return List.of(
                "-Dcreate-tables=false",
                "-Dstatus.table=" + STATUS,
                "-Ddead-letters.table=" + LETTERS);
    }

    private void change(int number) {
        tasks.put(task(number, "work", Value.number(number)));
        tasks.delete(ItemKey.of(TestTable.TASK_ID, task(number - 3, "", Value.number(0))));
    }

    private static KeySchema key(String name) {
        return KeySchema.of(new KeySchema.Attribute(name, Value.Type.S));
    }

    private static Item task(int number, String list, Value effort) {
        return Item.of(
                Map.of(
                        "TaskId",
                        Value.text("task-" + number),
                        "ListId",
                        Value.text(list),
                        "Effort",
                        effort,
                        "Tags",
                        Value.list(List.of(Value.text("a"), Value.text("t" + number)))));
    }
}
