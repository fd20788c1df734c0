package dev.tally.job.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The scripts parse, are clean, keep to the length of files, and work out what they should. */
class ScriptsTest {

    private static final int MAX_LINES = 400;

    private static final Path HOME = home();

    @Test
    void bashUnderstandsEveryScript() throws Exception {
        for (Path script : scripts()) {
            assertThat(run("bash", "-n", script.toString())).as(script.toString()).isEqualTo("0 ");
        }
    }

    /** Where shellcheck is not installed this is skipped, and says so. */
    @Test
    void shellcheckFindsNothing() throws Exception {
        assumeThat(onPath("shellcheck")).as("shellcheck is installed").isTrue();
        List<String> words = new ArrayList<>(List.of("shellcheck", "-x"));
        scripts().forEach(script -> words.add(script.toString()));
        assertThat(run(words.toArray(new String[0]))).isEqualTo("0 ");
    }

    /** Costs, keys, ages, requests and the table of errors, without a call. */
    @Test
    void whatIsWorkedOutWithoutACallIsRight() throws Exception {
        assumeThat(onPath("jq")).as("jq is installed").isTrue();
        String said = run("bash", HOME.resolve("scripts/managed/selftest.sh").toString());
        assertThat(said).matches("(?s)0 (\\d+) of \\1 are right\n");
    }

    @Test
    void scriptsAreShortEnoughToRead() throws Exception {
        for (Path script : scripts()) {
            assertThat(Files.readAllLines(script))
                    .as(script.toString())
                    .hasSizeLessThanOrEqualTo(MAX_LINES);
        }
    }

    /** Each verb that the script knows is in its help, and the other way round. */
    @Test
    void helpNamesEveryVerb() throws Exception {
        String script = Files.readString(HOME.resolve("scripts/managed.sh"));
        String help = run("bash", HOME.resolve("scripts/submit.sh").toString(), "managed", "help");
        String cases =
                script.substring(script.indexOf("case \"$verb\" in"), script.indexOf("help | -h"));
        List<String> verbs =
                Arrays.stream(cases.split("[^a-z]+"))
                        .filter(word -> !List.of("", "case", "verb", "in").contains(word))
                        .collect(Collectors.toList());
        assertThat(verbs).hasSizeGreaterThanOrEqualTo(18);
        for (String verb : verbs) {
            assertThat(help).as(verb).containsPattern("(?m)^  " + verb + "( |$)");
            assertThat(allText()).contains("managed_" + verb + "() {");
        }
    }

    private static String allText() throws IOException {
        StringBuilder text = new StringBuilder();
        for (Path script : scripts()) {
            text.append(Files.readString(script));
        }
        return text.toString();
    }

    private static List<Path> scripts() {
        try (Stream<Path> files = Files.walk(HOME.resolve("scripts"), 2)) {
            return files.filter(file -> file.toString().endsWith(".sh"))
                    .sorted()
                    .collect(Collectors.toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean onPath(String tool) {
        return Arrays.stream(System.getenv("PATH").split(java.io.File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
    }

    /** Exit code and everything that was said. */
    private static String run(String... words) throws Exception {
        Process process =
                new ProcessBuilder(words)
                        .directory(HOME.toFile())
                        .redirectErrorStream(true)
                        .redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null")))
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).as(List.of(words).toString()).isTrue();
        return process.exitValue() + " " + said;
    }

    private static Path home() {
        Path here = Path.of("").toAbsolutePath();
        return Files.exists(here.resolve("scripts")) ? here : here.getParent();
    }
}
