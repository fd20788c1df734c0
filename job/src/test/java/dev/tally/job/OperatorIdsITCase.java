package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.sink.Tables;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.testing.LocalKinesis;
import dev.tally.testing.SourceTree;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The uids of the real graph, literally: state of a savepoint is found again by them, so a change
 * here is a change of a contract.
 */
class OperatorIdsITCase {

    private static final String VIEWS =
            "tables:\n"
                    + "  tasks: { name: idsTask }\n"
                    + "  horizon: { name: idsHorizon, start: trim-horizon, reader: apache }\n"
                    + "views:\n"
                    + "  per-list:\n"
                    + "    table: tasks\n"
                    + "    group-by: [ListId]\n"
                    + "    measures: { Tasks: count }\n"
                    + "    to: { table: idsCount }\n"
                    + "  per-status:\n"
                    + "    table: horizon\n"
                    + "    group-by: [Status]\n"
                    + "    measures: { Tasks: count }\n"
                    + "    to: { stream: ids-status }\n"
                    + "feeds:\n"
                    + "  ids-changes: { table: tasks, to: { stream: ids-changes } }\n";

    @Test
    void areTheOnesOfEverySavepoint(@TempDir Path folder) throws Exception {
        LocalDynamoDb dynamoDb = LocalDynamoDb.shared();
        Path views = folder.resolve("views.yaml");
        Files.write(views, VIEWS.getBytes(StandardCharsets.UTF_8));
        PipelineConfig config =
                PipelineConfig.load(
                        CommandLine.parse(
                                new String[] {
                                    "run",
                                    "--create-tables",
                                    "--views",
                                    views.toString(),
                                    "--dynamodb-endpoint",
                                    dynamoDb.endpoint().toString(),
                                    "--kinesis-endpoint",
                                    LocalKinesis.shared().endpoint().toString(),
                                    "-Dstatus.table=idsStatus"
                                }));
        PipelineConfig.useLocalCredentials();
        try (Tables tables = new Tables(config.targetSettings(null, null))) {
            KeySchema key = KeySchema.of(new KeySchema.Attribute("TaskId", Value.Type.S));
            tables.create("idsTask", key, true);
            tables.create("idsHorizon", key, true);
        }
        Configuration flink = GlobalConfiguration.loadConfiguration(flinkConf());
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);

        Pipeline.build(env, config, Preflight.ofJob(config));

        Set<String> uids = new TreeSet<>();
        for (StreamNode node : env.getStreamGraph(false).getStreamNodes()) {
            assertThat(node.getTransformationUID()).as(node.getOperatorName()).isNotNull();
            uids.add(node.getTransformationUID());
        }
        assertThat(uids)
                .containsExactly(
                        "apache-ready-horizon",
                        "apache-stream-horizon",
                        "committed-rows-per-status",
                        "dead-letters",
                        "feed-ids-changes",
                        "groups-horizon",
                        "groups-tasks",
                        "items-horizon",
                        "items-tasks",
                        "row-stream-per-status",
                        "rows-of-per-list",
                        "rows-of-per-status",
                        "rows-per-list",
                        "source-tasks");
        assertThat(OperatorIds.of(config.views())).containsAll(uids);
    }

    private static String flinkConf() {
        return SourceTree.root().resolve("flink-conf").toString();
    }
}
