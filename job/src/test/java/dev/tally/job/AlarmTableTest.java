package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The table of alarms is what the template says: alarms with the same advice share a row. */
class AlarmTableTest {

    private static final String HEAD = "| alarm | when | what to do |";

    @Test
    void listsEveryAlarmWithItsAdvice(@TempDir Path folder) throws IOException {
        List<String> wanted = rows(folder);
        assertThat(wanted).hasSizeLessThanOrEqualTo(14);
        Path file = SourceTree.root().resolve("scripts/managed/README.md");
        List<String> lines = Files.readAllLines(file);
        int head = lines.indexOf(HEAD);
        assertThat(head).as("there is\n%s\n%s", HEAD, String.join("\n", wanted)).isPositive();
        assertThat(lines.subList(head + 2, Math.min(lines.size(), head + 2 + wanted.size())))
                .isEqualTo(wanted);
        assertThat(lines.get(head + 2 + wanted.size())).doesNotStartWith("|");
    }

    private static List<String> rows(Path folder) throws IOException {
        System.setProperty("tally.home", SourceTree.root().toString());
        Path views =
                Files.write(
                        folder.resolve("views.yaml"),
                        List.of(
                                "tables: { T: { name: source } }",
                                "views:",
                                "  V: { table: T, group-by: [G], measures: { N: count },",
                                "       to: { table: rows } }"));
        String template =
                TestJob.Verdict.of(List.of("managed-template", "--views", views.toString())).text();
        Map<String, Object> whole = TemplateYaml.read(template);
        Map<String, Object> resources = TemplateYaml.at(whole, "Resources");
        Map<String, List<String[]>> byAdvice = new LinkedHashMap<>();
        for (Object resource : resources.values()) {
            if (TemplateYaml.at(resource, "Type").toString().endsWith("Alarm")) {
                String says = said(whole, resource);
                int end = says.indexOf(". ");
                String name = TemplateYaml.at(resource, "Properties", "AlarmName", "!Sub");
                byAdvice.computeIfAbsent(says.substring(end + 2), advice -> new ArrayList<>())
                        .add(new String[] {shown(name), says.substring(0, end)});
            }
        }
        List<String> rows = new ArrayList<>();
        byAdvice.forEach(
                (advice, alarms) -> {
                    List<String> names = new ArrayList<>();
                    List<String> whens = new ArrayList<>();
                    for (String[] alarm : alarms) {
                        names.add(alarm[0]);
                        whens.add(alarm[1]);
                    }
                    rows.add(
                            String.format(
                                    "| %s | %s | %s |",
                                    String.join(", ", names), String.join("; ", whens), advice));
                });
        return rows;
    }

    private static String said(Map<String, Object> template, Object alarm) {
        Object says = TemplateYaml.at(alarm, "Properties", "AlarmDescription");
        if (says instanceof String) {
            return (String) says;
        }
        List<String> path = TemplateYaml.at(says, "!FindInMap");
        return TemplateYaml.at(template, "Mappings", path.get(0), path.get(1), path.get(2));
    }

    private static String shown(String name) {
        return name.replace("${ApplicationName} ", "")
                .replace(" of table T", " (each table)")
                .replace(" of view V", " (each view)");
    }
}
