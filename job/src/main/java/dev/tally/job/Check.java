package dev.tally.job;

import dev.tally.job.managed.Permissions;
import dev.tally.job.managed.Statement;
import dev.tally.source.ScanCost;
import dev.tally.source.client.TableDescription;
import dev.tally.view.FeedSpec;
import dev.tally.view.TableSpec;
import dev.tally.view.ViewSpec;
import java.io.PrintStream;
import java.util.List;

/**
 * {@code check}: validates everything against the live tables and says what a start would do: keys,
 * view types, what the scan costs and how long it takes, which permissions are needed.
 */
final class Check {

    private Check() {}

    static int run(PipelineConfig config, PrintStream out) {
        Preflight preflight = Preflight.ofTables(config.with(PipelineOptions.CREATE_TABLES, false));
        for (TableSpec table : config.views().tables()) {
            TableDescription found = preflight.source(table.logicalName());
            out.printf(
                    "table %s: key %s, stream of %s, about %,d items of %,d KB in all%n",
                    table.tableName(),
                    found.key(),
                    found.viewType(),
                    found.itemCount(),
                    found.sizeBytes() / 1024);
            out.println(
                    "  a scan reads " + new ScanCost(found.sizeBytes(), table.scanReadCapacity()));
        }
        for (ViewSpec view : config.views().views()) {
            out.println(
                    view.to().table() == null
                            ? "view " + view.name() + ": rows to stream " + view.to().stream()
                            : "view "
                                    + view.name()
                                    + ": rows to table "
                                    + view.to().table()
                                    + ", key "
                                    + preflight.targetKey(view.name()));
        }
        for (FeedSpec feed : config.views().feeds()) {
            out.println("feed " + feed.name() + ": diffs to stream " + feed.stream());
        }
        for (String note : preflight.notes()) {
            out.println(note);
        }
        permissions("the job", Permissions.ofJob(config.views(), config.options()), out);
        permissions(
                "check, verify and dead-letters",
                Permissions.ofCommands(config.views(), config.options()),
                out);
        out.println("all is well; nothing was written");
        return 0;
    }

    /** Of the role it runs as, and of each that views.yaml names. */
    private static void permissions(String who, List<Statement> statements, PrintStream out) {
        String role = "";
        for (Statement statement : statements) {
            String of = statement.role() == null ? "the role" : statement.role();
            if (!of.equals(role)) {
                out.println("permissions that " + of + " of " + who + " needs:");
                role = of;
            }
            out.println("  " + statement);
        }
    }
}
