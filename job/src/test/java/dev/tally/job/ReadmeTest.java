package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.testing.SourceTree;
import dev.tally.view.OwnMetric;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.description.HtmlFormatter;
import org.apache.flink.util.TimeUtils;
import org.junit.jupiter.api.Test;

/** What the README says of options and metrics is what there is. */
class ReadmeTest {

    private static final int LINES_MAX = 250;
    private static final Path README = SourceTree.root().resolve("README.md");
    private static final Path MANAGED = SourceTree.root().resolve("scripts/managed/README.md");

    @Test
    void listsEveryOptionWithItsDefault() throws IOException {
        List<String> wanted = new ArrayList<>();
        for (ConfigOption<?> option : PipelineOptions.all()) {
            String description = new HtmlFormatter().format(option.description());
            wanted.add("| `" + option.key() + "` | " + shown(option) + " | " + description + " |");
        }
        assertTable(README, "| key | default | what it is |", wanted);
    }

    @Test
    void listsEveryOwnMetric() throws IOException {
        List<String> wanted = new ArrayList<>();
        for (OwnMetric metric : OwnMetric.values()) {
            String kind = metric.kind().name().toLowerCase(Locale.ROOT);
            String of = metric.of().name().toLowerCase(Locale.ROOT);
            wanted.add(
                    String.format(
                            "| `%s` | %s, %s | %s |",
                            metric.metricName(), of, kind, metric.meaning()));
        }
        assertTable(MANAGED, "| metric | of | what it is |", wanted);
    }

    private static void assertTable(Path file, String header, List<String> wanted)
            throws IOException {
        List<String> lines = Files.readAllLines(file);
        int head = lines.indexOf(header);
        assertThat(head).as("the table " + header).isPositive();
        assertThat(lines.subList(head + 2, Math.min(lines.size(), head + 2 + wanted.size())))
                .isEqualTo(wanted);
        assertThat(lines.get(head + 2 + wanted.size())).doesNotStartWith("|");
    }

    private static String shown(ConfigOption<?> option) {
        if (!option.hasDefaultValue() || option.defaultValue().equals(List.of())) {
            return "";
        }
        Object value = option.defaultValue();
        return value instanceof Duration
                ? TimeUtils.formatWithHighestUnit((Duration) value)
                : value.toString();
    }

    @Test
    void isShort() throws IOException {
        assertThat(Files.readAllLines(README)).hasSizeLessThanOrEqualTo(LINES_MAX);
    }
}
