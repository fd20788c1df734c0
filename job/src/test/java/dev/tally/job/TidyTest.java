package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The manners of the source tree that no compiler and no formatter looks after. */
class TidyTest {

    private static final int MAX_LINES = 400;
    private static final int MAX_COLUMNS = 100;

    private static final Set<String> SKIPPED_FOLDERS = Set.of("target", "node_modules", ".git");
    private static final Pattern TEXT =
            Pattern.compile(".*\\.(java|xml|md|ya?ml|json|js|py|sh|properties|html)|run");

    /* The patterns are written so that they do not find themselves. */
    private static final Pattern UNFINISHED =
            Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern SLEEP = Pattern.compile("Thread\\s*\\.\\s*slee" + "p\\s*\\(");
    private static final Pattern DISABLED = Pattern.compile("@Disable" + "d\\b");
    private static final Pattern MOCK =
            Pattern.compile("import (static )?org\\.(mocki" + "to|powermock)");
    private static final Pattern JUNIT_4 =
            Pattern.compile("import (static )?org\\.junit\\.(?!jupiter|platform)");
    private static final Pattern MISSPELT_TYPE =
            Pattern.compile("\\b(class|interface|enum)\\s+\\w*(DynamoD" + "B|Dynamod" + "b)");
    private static final Pattern VAGUE_PACKAGE =
            Pattern.compile("^package .*\\.(utils?|common|helpers?|internal|impl|misc)(\\.|;)");
    private static final Pattern ACCOUNT = Pattern.compile("arn:aws[\\w-]*:[^\\s\"]*?:(\\d{12}):");

    /** The account of AWS's own examples, and the one that local services answer with. */
    private static final Set<String> EXAMPLE_ACCOUNTS = Set.of("123456789012", "000000000000");

    @Test
    void filesStayReadable() {
        List<String> tooLong = new ArrayList<>();
        for (Path file : java()) {
            int lines = lines(file).size();
            if (lines > MAX_LINES) {
                tooLong.add(file + ": " + lines + " lines");
            }
        }
        assertThat(tooLong).as("files of more than %d lines", MAX_LINES).isEmpty();
    }

    @Test
    void linesFitTheScreen() {
        List<String> tooWide = new ArrayList<>();
        for (Path file : java()) {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                // An import cannot be broken, and some packages are named at length.
                boolean breakable = !lines.get(i).startsWith("import ");
                if (breakable && lines.get(i).length() > MAX_COLUMNS) {
                    tooWide.add(file + ":" + (i + 1));
                }
            }
        }
        assertThat(tooWide).as("lines of more than %d columns", MAX_COLUMNS).isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        assertThat(found(UNFINISHED, text())).isEmpty();
    }

    @Test
    void nobodySleeps() {
        assertThat(found(SLEEP, java())).isEmpty();
    }

    @Test
    void everyTestRuns() {
        assertThat(found(DISABLED, java())).isEmpty();
    }

    @Test
    void testsUseWhatWorksInsteadOfMocks() {
        assertThat(found(MOCK, java())).isEmpty();
    }

    @Test
    void thereIsOneTestFramework() {
        assertThat(found(JUNIT_4, java())).isEmpty();
    }

    @Test
    void dynamoDbHasOneSpelling() {
        assertThat(found(MISSPELT_TYPE, java())).isEmpty();
    }

    @Test
    void packagesAreNamedForWhatTheyHold() {
        assertThat(found(VAGUE_PACKAGE, java())).isEmpty();
    }

    @Test
    void noAccountIsNamedButTheExample() {
        List<String> accounts = new ArrayList<>();
        for (Path file : text()) {
            Matcher matcher = ACCOUNT.matcher(String.join("\n", lines(file)));
            while (matcher.find()) {
                if (!EXAMPLE_ACCOUNTS.contains(matcher.group(1))) {
                    accounts.add(file + ": " + matcher.group(1));
                }
            }
        }
        assertThat(accounts).isEmpty();
    }

    private static List<String> found(Pattern pattern, List<Path> files) {
        List<String> found = new ArrayList<>();
        for (Path file : files) {
            List<String> lines = lines(file);
            for (int i = 0; i < lines.size(); i++) {
                if (pattern.matcher(lines.get(i)).find()) {
                    found.add(file + ":" + (i + 1) + ": " + lines.get(i).trim());
                }
            }
        }
        return found;
    }

    private static List<Path> java() {
        List<Path> java = new ArrayList<>(text());
        java.removeIf(file -> !file.toString().endsWith(".java"));
        return java;
    }

    private static List<Path> text() {
        List<Path> files = new ArrayList<>();
        try {
            Files.walkFileTree(
                    SourceTree.root(),
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            return SKIPPED_FOLDERS.contains(folder.getFileName().toString())
                                    ? FileVisitResult.SKIP_SUBTREE
                                    : FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            if (TEXT.matcher(file.getFileName().toString()).matches()) {
                                files.add(file);
                            }
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            throw new UncheckedIOException("cannot walk the source tree", e);
        }
        files.sort(null);
        assertThat(files).as("files below %s", SourceTree.root()).hasSizeGreaterThan(10);
        return files;
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }
}
