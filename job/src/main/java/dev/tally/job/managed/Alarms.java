package dev.tally.job.managed;

import dev.tally.view.OwnMetric;
import dev.tally.view.TableSpec;
import dev.tally.view.ViewSpec;
import dev.tally.view.Views;
import java.util.ArrayList;
import java.util.List;

/**
 * Alarms on the job's own metrics, of each table and each view, and one over all that says whether
 * rows can be trusted to be present.
 */
final class Alarms {

    private static final String STALE =
            "Look at submit.sh managed status and at throttles on the dashboard, and give it more"
                    + " with submit.sh managed scale.";

    /** Alarms of the frame that say that rows are not what they should be. */
    private static final List<String> UNHEALTHY =
            List.of("DownAlarm", "RestartsAlarm", "CheckpointsFailAlarm");

    private final List<String> lines = new ArrayList<>();

    private Alarms() {}

    static List<String> of(Views views) {
        Alarms alarms = new Alarms();
        List<String> unhealthy = new ArrayList<>(UNHEALTHY);
        for (TableSpec table : views.tables()) {
            unhealthy.addAll(alarms.table(table.logicalName()));
        }
        for (ViewSpec view : views.views()) {
            alarms.view(view.name());
        }
        alarms.composite(unhealthy);
        return alarms.lines;
    }

    /** What each says and what to do then: once, though a template has an alarm for each table. */
    static List<String> texts() {
        return List.of(
                text(OwnMetric.LAG_MILLIS, "above LagAlarmMillis for 3 min, or no data. " + STALE),
                text(
                        OwnMetric.GAPS,
                        "rises: records of the stream were lost. With on-gap: resnapshot the table"
                                + " is read anew and rows are held until then; with fail start it"
                                + " with --resnapshot."),
                text(
                        OwnMetric.DRIFT,
                        "rises: rows differed from the state and were corrected. Find who else"
                                + " writes to the target; prove it with scripts/submit.sh verify."),
                text(
                        OwnMetric.DEAD_LETTERS,
                        "rises: something could not be used. Read why with scripts/submit.sh"
                                + " dead-letters, mend it, and reapply."),
                text(
                        OwnMetric.WRITES_THROTTLED,
                        "rises for 5 min: the target has too little capacity. Give it more, or"
                                + " spread its keys."),
                text(
                        OwnMetric.BACKLOG,
                        "above BacklogAlarmRows for 5 min: rows wait to be written. " + STALE));
    }

    private static String text(OwnMetric metric, String says) {
        String name = metric.metricName();
        return name + ": { alarm: " + ManagedTemplate.quoted(name + " " + says) + " }";
    }

    private List<String> table(String table) {
        Metric of = new Metric(OwnMetric.Of.TABLE, table);
        level(of, "lag", OwnMetric.LAG_MILLIS, "!Ref LagAlarmMillis", 3, "breaching");
        rise(of, "gaps", OwnMetric.GAPS, 1);
        rise(of, "drift", OwnMetric.DRIFT, 1);
        rise(of, "dead letters", OwnMetric.DEAD_LETTERS, 1);
        return List.of(of.id(OwnMetric.LAG_MILLIS), of.id(OwnMetric.GAPS));
    }

    private void view(String view) {
        Metric of = new Metric(OwnMetric.Of.VIEW, view);
        rise(of, "writes throttled", OwnMetric.WRITES_THROTTLED, 5);
        level(of, "backlog", OwnMetric.BACKLOG, "!Ref BacklogAlarmRows", 5, "notBreaching");
    }

    private void level(
            Metric of,
            String name,
            OwnMetric metric,
            String threshold,
            int minutes,
            String missing) {
        head(of, name, metric);
        lines.add("   " + of.of(metric) + ",Statistic: Maximum,Period: 60,");
        foot(minutes, threshold, missing);
    }

    /** Counters begin at 0 with each start of the job, also when the first count comes at once. */
    private void rise(Metric of, String name, OwnMetric metric, int minutes) {
        head(of, name, metric);
        lines.add(
                "   Metrics: [{Id: e,Expression: 'DIFF(FILL(m,0))',Label: "
                        + metric.metricName()
                        + "},{Id: m,ReturnData: false,");
        lines.add("   MetricStat: {Metric: {" + of.of(metric) + "},Period: 60,Stat: Maximum}}],");
        foot(minutes, "0", "notBreaching");
    }

    /** Few, long lines: each table with a view has six alarms, and a template 51,200 bytes. */
    private void head(Metric of, String name, OwnMetric metric) {
        lines.addAll(
                List.of(
                        of.id(metric) + ":",
                        "  Type: AWS::CloudWatch::Alarm",
                        "  Properties: {AlarmName: !Sub '${ApplicationName} "
                                + name
                                + " of "
                                + of
                                + "',AlarmDescription: !FindInMap [Says,"
                                + metric.metricName()
                                + ",alarm],"));
    }

    private void foot(int minutes, String threshold, String missing) {
        lines.add(
                "   EvaluationPeriods: "
                        + minutes
                        + ",ComparisonOperator: GreaterThanThreshold,Threshold: "
                        + threshold
                        + ",TreatMissingData: "
                        + missing
                        + ",");
        lines.add("   AlarmActions: [!Ref AlarmTopic],OKActions: [!Ref AlarmTopic]}");
    }

    /** Sends nothing itself, since each of its alarms does: the one state to ask for. */
    private void composite(List<String> unhealthy) {
        List<String> rules = new ArrayList<>();
        unhealthy.forEach(id -> rules.add("ALARM(\"${" + id + "}\")"));
        lines.addAll(
                List.of(
                        "UnhealthyAlarm:",
                        "  Type: AWS::CloudWatch::CompositeAlarm",
                        "  Properties:",
                        "    AlarmName: !Sub '${ApplicationName} unhealthy'",
                        "    AlarmDescription: 'Any of down, restarts, checkpoints fail, lag, gaps:"
                                + " rows may not be present. Do what the alarm says that is on.'",
                        "    AlarmRule: !Sub '" + String.join(" OR ", rules) + "'"));
    }
}
