package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.testing.SourceTree;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code local} as a person runs it: a while, then once more from its savepoint. */
class LocalRunITCase {

    private static final Pattern COMPARED =
            Pattern.compile(
                    "view (\\S+): (\\d+) groups compared with a recount of (\\d+) items,"
                            + " all equal");
    private static final Pattern LATENCY =
            Pattern.compile(
                    "view (\\S+) \\((\\w+)\\): change to row p50 [\\d,]+ ms, p99 [\\d,]+ ms");
    private static final Pattern SAVEPOINT = Pattern.compile("stopped with savepoint (\\S+)");

    @TempDir private Path folder;
    private String home;

    @BeforeEach
    void runFromTheSourceTree() {
        home = System.getProperty("tally.home");
        System.setProperty("tally.home", SourceTree.root().toString());
    }

    @AfterEach
    void restoreHome() {
        if (home == null) {
            System.clearProperty("tally.home");
        } else {
            System.setProperty("tally.home", home);
        }
    }

    @Test
    void aRunIsExactMeasuresItselfAndCanBeResumed() throws Exception {
        String first = run("--duration", "10s");

        assertExact(first);
        assertThat(first)
                .contains("changes and scan rows read in")
                .containsPattern("catch-up [\\d,]+ records/s, a bare GetRecords loop [\\d,]+ rec");
        assertThat(groups(LATENCY, first, 2)).containsExactly("committed", "eager");
        String savepoint = groups(SAVEPOINT, first, 1).get(0);
        assertThat(Path.of(URI.create(savepoint)).resolve("_metadata")).exists();
        assertThat(first).contains("--from-savepoint " + savepoint);

        assertExact(run("--duration", "6s", "--from-savepoint", savepoint));
    }

    private static void assertExact(String output) {
        assertThat(groups(COMPARED, output, 1))
                .as(output)
                .containsExactly("task-count", "task-count-eager");
        for (String compared : groups(COMPARED, output, 2)) {
            assertThat(Integer.parseInt(compared)).as(output).isGreaterThanOrEqualTo(24);
        }
    }

    private String run(String... options) throws Exception {
        List<String> words = new ArrayList<>(List.of("local"));
        words.addAll(List.of(options));
        words.addAll(List.of("--dynamodb-port", String.valueOf(LocalServices.freePort())));
        words.addAll(List.of("--savepoint-dir", folder.resolve("savepoints").toString()));
        words.add("-Dfeed.directory=" + Files.createDirectories(folder.resolve("feeds")).toUri());
        CommandLine line = CommandLine.parse(words.toArray(new String[0]));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int code = new LocalRunner(line, out, folder).run(PipelineConfig.load(line));
        String text = bytes.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isZero();
        return text;
    }

    private static List<String> groups(Pattern pattern, String text, int group) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(group));
        }
        return found;
    }
}
