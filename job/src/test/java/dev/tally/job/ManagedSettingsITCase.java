package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.sink.Tables;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.testing.LocalKinesis;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.flink.client.program.MutatedConfigurationException;
import org.apache.flink.client.program.StreamContextEnvironment;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.PipelineExecutorFactory;
import org.apache.flink.core.execution.PipelineExecutorServiceLoader;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * That the job as the service starts it, with every kind of operator there is, makes no setting
 * that the service refuses. Flink's own check is the same that the service has; only its list is
 * the service's.
 */
class ManagedSettingsITCase {

    private static final List<String> VIEWS =
            List.of(
                    "tables:",
                    "  tasks: { name: managedTask }",
                    "  horizon: { name: managedHorizon, start: trim-horizon, reader: apache }",
                    "views:",
                    "  per-list:",
                    "    table: tasks",
                    "    group-by: [ListId]",
                    "    measures: { Tasks: count }",
                    "    to: { table: managedCount, freshness: eager }",
                    "  per-status:",
                    "    table: horizon",
                    "    group-by: [Status]",
                    "    measures: { Tasks: count }",
                    "    to: { stream: managed-status }",
                    "feeds:",
                    "  managed-changes: { table: tasks, to: { stream: managed-changes } }");

    @TempDir private Path folder;

    @Test
    void nothingIsSetThatTheServiceRefuses() throws Exception {
        StreamExecutionEnvironment env = likeTheService();
        Map<String, String> before = settings(env);

        Main.build(env, config("--application-properties", propertiesFile()), System.out);

        assertThat(changed(before, settings(env)))
                .contains("pipeline.auto-generate-uids", "pipeline.max-parallelism")
                .allMatch(ServiceRules::allows);
        assertThat(catchThrowable(() -> env.execute("tally")))
                .hasMessage(NoExecutor.MESSAGE)
                .isNotInstanceOf(MutatedConfigurationException.class);
    }

    /** Elsewhere the same job sets more, and Flink's check sees it. */
    @Test
    void elsewhereMoreIsSet() throws Exception {
        StreamExecutionEnvironment env = likeTheService();
        List<String> words = new ArrayList<>();
        pairs().forEach((key, value) -> words.add("-D" + key + "=" + value));

        Main.build(env, config(words.toArray(new String[0])), System.out);

        assertThatThrownBy(() -> env.execute("tally"))
                .isInstanceOf(MutatedConfigurationException.class)
                .hasMessageContaining("execution.buffer-timeout.interval");
    }

    @Test
    void anOperatorWithoutItsOwnUidIsRefused() {
        StreamExecutionEnvironment env = likeTheService();
        ManagedSettings.apply(env);

        env.fromSequence(0, 1).uid("numbers").print().uid("printed");
        assertThatCode(() -> env.getStreamGraph(false).getJobGraph()).doesNotThrowAnyException();

        env.fromSequence(0, 1).print();
        assertThatThrownBy(() -> env.getStreamGraph(false).getJobGraph())
                .hasMessageContaining("Auto generated UIDs have been disabled");
    }

    /** The one that a user's cluster has is kept, since it is in the state. */
    @Test
    void aMaximumParallelismThatIsSetStays() {
        Configuration flink = new Configuration();
        flink.setString("pipeline.max-parallelism", "64");
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);

        ManagedSettings.apply(env);

        assertThat(env.getMaxParallelism()).isEqualTo(64);
    }

    private PipelineConfig config(String... words) throws Exception {
        String[] run = Stream.concat(Stream.of("run"), Stream.of(words)).toArray(String[]::new);
        PipelineConfig config = PipelineConfig.load(CommandLine.parse(run));
        PipelineConfig.useLocalCredentials();
        try (Tables tables = new Tables(config.targetSettings(null, null))) {
            KeySchema key = KeySchema.of(new KeySchema.Attribute("TaskId", Value.Type.S));
            tables.create("managedTask", key, true);
            tables.create("managedHorizon", key, true);
        }
        return config;
    }

    private String propertiesFile() throws Exception {
        return PropertiesFile.write(folder, pairs()).toString();
    }

    private Map<String, String> pairs() throws Exception {
        Path views = Files.write(folder.resolve("views.yaml"), VIEWS);
        return Map.of(
                "views.uri",
                views.toUri().toString(),
                "dynamodb.endpoint",
                LocalDynamoDb.shared().endpoint().toString(),
                "kinesis.endpoint",
                LocalKinesis.shared().endpoint().toString(),
                "create-tables",
                "true",
                "status.table",
                "managedStatus");
    }

    private static StreamExecutionEnvironment likeTheService() {
        Configuration flink = new Configuration();
        flink.setString("execution.target", "nowhere");
        ServiceRules.asSettings().forEach(flink::setString);
        return new StreamContextEnvironment(
                new NoExecutor(),
                flink,
                new Configuration(flink),
                ManagedSettingsITCase.class.getClassLoader(),
                true,
                true,
                false,
                ServiceRules.keys());
    }

    private static Map<String, String> settings(StreamExecutionEnvironment env) {
        return ((Configuration) env.getConfiguration()).toMap();
    }

    private static Set<String> changed(Map<String, String> before, Map<String, String> after) {
        Set<String> changed = new TreeSet<>(before.keySet());
        changed.addAll(after.keySet());
        changed.removeIf(key -> Objects.equals(before.get(key), after.get(key)));
        return changed;
    }

    /** Where a job that passed the check would go. */
    private static final class NoExecutor implements PipelineExecutorServiceLoader {

        private static final String MESSAGE = "the job would be executed";

        @Override
        public PipelineExecutorFactory getExecutorFactory(Configuration configuration) {
            throw new IllegalStateException(MESSAGE);
        }

        @Override
        public Stream<String> getExecutorNames() {
            return Stream.empty();
        }
    }
}
