package dev.tally.job;

import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.sink.DynamoDbTargetRows;
import dev.tally.sink.Tables;
import dev.tally.sink.TargetException;
import dev.tally.sink.TargetSettings;
import dev.tally.source.client.AwsTableClients;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Membership;
import dev.tally.view.TableSpec;
import dev.tally.view.TargetRow;
import dev.tally.view.ViewSpec;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code audit}: whether anybody's counters are right. Recounts a table and compares; describes and
 * scans, and writes nothing anywhere. A counter that is off lastingly, be it by the same amount
 * while both sides move, differs.
 */
final class Audit {

    private static final int NEEDED = 3;
    private static final long PAUSE_SECONDS = 3;
    private static final int EXAMPLES = 10;
    private static final Pattern PLACE = Pattern.compile("\\{[^}]*}");

    private final CommandLine line;
    private final PrintStream out;
    private final PrintStream err;
    private final ReadBudget budget;

    private Audit(CommandLine line, PrintStream out, PrintStream err) {
        this.line = line;
        this.out = out;
        this.err = err;
        this.budget = new ReadBudget(line.getAmount("read-capacity"), System::nanoTime);
    }

    /**
     * @param err for progress
     * @return the exit code: 0 if all are right, 1 if some differ
     */
    static int run(CommandLine line, PrintStream out, PrintStream err) throws InterruptedException {
        return new Audit(line, out, err).run();
    }

    private int run() throws InterruptedException {
        String counters = AuditSpec.countersOf(line);
        PipelineConfig config = PipelineConfig.withoutViews(line);
        if (config.isLocal()) {
            PipelineConfig.useLocalCredentials();
        }
        TargetSettings settings = config.targetSettings(null, null).forTable(counters);
        KeySchema key = key(counters, settings);
        AuditSpec spec = AuditSpec.of(line, key);
        ViewSpec view = spec.view();
        Membership membership = membership(view, key);
        TableSpec table = spec.views().tables().get(0);
        Settling settling = new Settling(view, NEEDED, Audit::sameAmount);
        ReadProgress progress = new ReadProgress(err, budget, System::nanoTime);
        try (DynamoDbTargetRows rows =
                new DynamoDbTargetRows(Map.of(view.name(), key), Map.of(view.name(), settings))) {
            Survey survey =
                    new Survey(
                            new AwsTableClients(config.clientSettings()),
                            rows,
                            budget,
                            progress,
                            row -> isCounter(view, key, row));
            while (true) {
                Reading reading = survey.take(table, List.of(membership)).get(0);
                settling.add(reading.without(Audit::isAbsentZero));
                if (!settling.open()) {
                    break;
                }
                TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
            }
        }
        report(table, settling);
        return settling.exact() ? 0 : 1;
    }

    private static KeySchema key(String table, TargetSettings settings) {
        try (Tables tables = new Tables(settings)) {
            return tables.key(table)
                    .orElseThrow(
                            () ->
                                    new UserError(
                                            "cannot audit the counters of table "
                                                    + table
                                                    + ": there is no such table. Check --against"
                                                    + " and the region."));
        } catch (TargetException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private static Membership membership(ViewSpec view, KeySchema key) {
        try {
            return new Membership(view, key);
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    e.getMessage()
                            .replace(
                                    "cannot write view '" + view.name() + "' to",
                                    "cannot" + " compare with counters in"),
                    e);
        }
    }

    /** Other items of the table may have an attribute of that name: the key tells them apart. */
    private static boolean isCounter(ViewSpec view, KeySchema key, TargetRow row) {
        List<Value> values = row.group().values();
        for (int i = 0; i < values.size(); i++) {
            String template = view.to().key().get(key.attributes().get(i).name());
            if (values.get(i).is(Value.Type.S) && !matches(template, values.get(i).asText())) {
                return false;
            }
        }
        return true;
    }

    private static boolean matches(String template, String value) {
        StringBuilder pattern = new StringBuilder();
        int at = 0;
        for (Matcher place = PLACE.matcher(template); place.find(); ) {
            pattern.append(Pattern.quote(template.substring(at, place.start()))).append("(?s:.+)");
            at = place.end();
        }
        pattern.append(Pattern.quote(template.substring(at)));
        return Pattern.matches(pattern.toString(), value);
    }

    /** No counter, where the recount says 0 or nothing, says the same. */
    private static boolean isAbsentZero(Difference difference) {
        if (difference.row() != null) {
            return false;
        }
        Value wanted = difference.wanted()[0];
        return wanted == null || wanted.equals(Value.number(0));
    }

    private static boolean sameAmount(Difference a, Difference b) {
        BigDecimal amount = amount(a);
        return amount == null || amount(b) == null ? a.sameAs(b) : amount.compareTo(amount(b)) == 0;
    }

    /** By how much the counter is too high; null if one of the two is no number. */
    private static BigDecimal amount(Difference difference) {
        BigDecimal counter = number(difference.row() == null ? null : difference.row().measures());
        BigDecimal recount = number(difference.wanted());
        return counter == null || recount == null ? null : counter.subtract(recount);
    }

    private static BigDecimal number(Value[] measures) {
        Value value = measures == null ? null : measures[0];
        if (value == null) {
            return BigDecimal.ZERO;
        }
        return value.is(Value.Type.N) ? value.asNumber() : null;
    }

    private void report(TableSpec table, Settling settling) {
        List<Difference> differences = new ArrayList<>(settling.lasting());
        Comparator<Difference> bySize =
                Comparator.comparing(
                        difference -> {
                            BigDecimal amount = amount(difference);
                            return amount == null ? BigDecimal.ZERO : amount.abs();
                        });
        differences.sort(bySize.reversed());
        out.printf(
                "counters %s: %,d groups compared with a recount of %,d items of table %s%n",
                line.get("against"),
                settling.last().groups(),
                settling.last().items(),
                table.tableName());
        out.println(
                differences.isEmpty()
                        ? "no group differs: every counter is right"
                        : summary(settling.view().measures().get(0), differences));
        examples(differences);
        if (settling.moving() > 0) {
            out.printf("%,d groups changed all the time and cannot be told%n", settling.moving());
        }
        out.printf("%d readings took %s%n", settling.readings(), budget.cost());
    }

    private static String summary(MeasureSpec measure, List<Difference> differences) {
        long missing = differences.stream().filter(d -> d.row() == null).count();
        long ghosts = differences.stream().filter(d -> d.wanted() == null).count();
        String text = String.format("%,d groups differ", differences.size());
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal net = BigDecimal.ZERO;
        for (Difference difference : differences) {
            BigDecimal amount = amount(difference);
            if (amount != null) {
                sum = sum.add(amount.abs());
                net = net.add(amount);
            }
        }
        boolean adds =
                measure.kind() == MeasureSpec.Kind.COUNT || measure.kind() == MeasureSpec.Kind.SUM;
        if (adds) {
            text += ", by " + sum.toPlainString() + " in sum (" + signed(net) + " net)";
        }
        return text
                + String.format(
                        ": %,d without a counter, %,d counters of groups without items",
                        missing, ghosts);
    }

    private static String signed(BigDecimal net) {
        return (net.signum() > 0 ? "+" : "") + net.toPlainString();
    }

    private void examples(List<Difference> differences) {
        int most = line.getInt("examples", EXAMPLES);
        for (int i = 0; i < Math.min(most, differences.size()); i++) {
            Difference difference = differences.get(i);
            Value counter = difference.row() == null ? null : difference.row().measures()[0];
            Value recount = difference.wanted() == null ? null : difference.wanted()[0];
            out.println(
                    "  "
                            + Labels.of(difference.group())
                            + ": the counter says "
                            + Labels.of(counter)
                            + ", the recount "
                            + Labels.of(recount));
        }
        if (differences.size() > most) {
            out.printf("  and %,d more; --examples N shows more%n", differences.size() - most);
        }
    }
}
