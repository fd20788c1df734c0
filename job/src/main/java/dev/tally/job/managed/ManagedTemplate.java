package dev.tally.job.managed;

import dev.tally.view.Views;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.ReadableConfig;

/**
 * The CloudFormation template of everything that stands beside the application: the file {@code
 * scripts/managed-flink.yaml} with what follows from a views file in its marked places.
 */
public final class ManagedTemplate {

    private static final Pattern MARK = Pattern.compile("( *)# generated: ([a-z]+)");

    private static final int BYTES_MAX = 51_200;

    private static final Pattern ALARM =
            Pattern.compile(" *Type: AWS::CloudWatch::(Composite)?Alarm");

    private ManagedTemplate() {}

    /**
     * @param frame lines of the file with the marks
     * @param name of the application
     */
    public static String of(List<String> frame, String name, Views views, ReadableConfig options) {
        List<Statement> statements = Permissions.ofJob(views, options);
        List<String> alarms = Alarms.of(views);
        List<String> ids = new ArrayList<>(alarmIds(frame));
        ids.addAll(alarmIds(alarms));
        Map<String, List<String>> parts =
                Map.of(
                        "name",
                        List.of("Default: " + quoted(name)),
                        "permissions",
                        permissions(statements),
                        "texts",
                        Alarms.texts(),
                        "alarms",
                        alarms,
                        "storage",
                        Storage.of(views, options),
                        "dashboard",
                        Dashboard.of(views, ids, statements));
        StringBuilder template = new StringBuilder();
        for (String line : frame) {
            Matcher mark = MARK.matcher(line);
            if (mark.matches()) {
                for (String part : parts.get(mark.group(2))) {
                    template.append(mark.group(1)).append(part).append('\n');
                }
            } else if (!line.isBlank() && !line.stripLeading().startsWith("#")) {
                template.append(line).append('\n');
            }
        }
        return template.toString();
    }

    /** What roles of the views file may do is for their owner to say: the job only takes them. */
    private static List<String> permissions(List<Statement> statements) {
        List<String> lines = new ArrayList<>();
        for (Statement statement : statements) {
            if (statement.role() == null) {
                lines.add("- Effect: Allow");
                lines.add("  Action: [" + String.join(", ", statement.actions()) + "]");
                lines.add("  Resource:");
                for (Resource resource : statement.resources()) {
                    String sub = resource.arn().contains("${") ? "!Sub " : "";
                    lines.add("    - " + sub + quoted(resource.arn()));
                }
            }
        }
        return lines;
    }

    /** Whether CloudFormation takes it only from a bucket. */
    public static boolean isLarge(String template) {
        return template.getBytes(StandardCharsets.UTF_8).length > BYTES_MAX;
    }

    private static List<String> alarmIds(List<String> lines) {
        List<String> ids = new ArrayList<>();
        for (int i = 1; i < lines.size(); i++) {
            if (ALARM.matcher(lines.get(i)).matches()) {
                ids.add(lines.get(i - 1).strip().replace(":", ""));
            }
        }
        return ids;
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
