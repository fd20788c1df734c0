package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.KeySchema;
import dev.tally.item.Value.Type;
import dev.tally.testing.LocalDynamoDb;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a mistake of the user looks like: a line that says what to do, exit code 2, no traces. */
class MainITCase {

    private static final String SOURCE = "tables: { tasks: { name: main-tasks } }";
    private static final String GROUPS = "views: { v: { table: tasks, group-by: [ListId],";
    private static final String TARGET = " measures: { N: count }, to: { table: main-counts } } }";

    @TempDir private Path folder;

    @Test
    void everyMistakeOfTheViewsFileIsALineWithItsPlace() throws Exception {
        List<String> lines =
                of(
                        "check",
                        "tables: { tasks: { name: main-tasks } }",
                        "views:",
                        "  v:",
                        "    table: task",
                        "    group-bye: [ListId]",
                        "    measures: { N: counts }",
                        "    to: { table: main-counts }");

        assertThat(lines.size()).isGreaterThanOrEqualTo(3);
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("4:").contains("task"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("5:").contains("group-by"));
        assertThat(lines).anySatisfy(line -> assertThat(line).contains("6:").contains("count"));
    }

    @Test
    void aMissingTableIsNamed() throws Exception {
        assertThat(of("check", SOURCE.replace("main-tasks", "main-none"), GROUPS + TARGET))
                .first()
                .asString()
                .startsWith("cannot describe table main-none: there is none");
    }

    @Test
    void aTargetWithAnotherKeyIsNamedWithTheKeyThatItNeeds() throws Exception {
        new TestTable("main-keyed", TestTable.TASK_ID);
        new TestTable(
                "main-counts-keyed", KeySchema.of(new KeySchema.Attribute("Other", Type.S)), null);

        assertThat(
                        of(
                                "check",
                                SOURCE.replace("main-tasks", "main-keyed"),
                                GROUPS + TARGET.replace("main-counts", "main-counts-keyed")))
                .singleElement()
                .asString()
                .contains("main-counts-keyed")
                .contains("Other")
                .contains("ListId");
    }

    @Test
    void aStreamOfKeysOnlyIsRefusedWithTheCommandThatChangesIt() throws Exception {
        new TestTable("main-keys-only", TestTable.TASK_ID, "KEYS_ONLY");

        assertThat(of("verify", SOURCE.replace("main-tasks", "main-keys-only"), GROUPS + TARGET))
                .anySatisfy(
                        line ->
                                assertThat(line)
                                        .contains("KEYS_ONLY")
                                        .contains("lacks NewImage")
                                        .contains("aws dynamodb update-table"));
    }

    @Test
    void anUnknownCommandOrOptionIsNamed() {
        assertThat(mistakes("recount")).singleElement().asString().contains("'recount'");
        assertThat(mistakes("check", "--veiws", "x")).singleElement().asString().contains("veiws");
        assertThat(mistakes("check", "--views", folder.resolve("no.yaml").toString()))
                .singleElement()
                .asString()
                .contains("no.yaml")
                .contains("--views");
    }

    /** As a process of its own, since it begins to prepare the folder of local runs. */
    @Test
    void aTakenPortIsNamedWithTheOptionForAnother() throws Exception {
        Path views = Files.write(folder.resolve("views.yaml"), List.of(SOURCE, GROUPS + TARGET));
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            Process process =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Dtally.home=" + folder,
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    Main.class.getName(),
                                    "local",
                                    "--views",
                                    views.toString(),
                                    "--dynamodb-port",
                                    port)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(folder.resolve("errors").toFile())
                            .start();
            assertThat(process.waitFor()).isEqualTo(2);
            String errors = Files.readString(folder.resolve("errors"));
            assertThat(errors)
                    .contains("cannot start DynamoDB Local on port " + port + ": the port is taken")
                    .contains("--dynamodb-port")
                    .doesNotContain("\tat ");
        }
    }

    /** Of a command over a views file, against DynamoDB Local. */
    private List<String> of(String command, String... lines) throws Exception {
        List<String> views = List.of(lines);
        Path file = Files.write(folder.resolve("views.yaml"), views);
        return mistakes(
                command,
                "--views",
                file.toString(),
                "--dynamodb-endpoint",
                LocalDynamoDb.shared().endpoint().toString());
    }

    private static List<String> mistakes(String... arguments) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
        int code = Main.exitCode(arguments, System.out, err);
        String text = errors.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isEqualTo(2);
        assertThat(text).doesNotContain("\tat ").doesNotContain("Exception:");
        return List.of(text.split("\n"));
    }
}
