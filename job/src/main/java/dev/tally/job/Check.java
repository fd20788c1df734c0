package dev.tally.job;

import dev.tally.source.client.TableDescription;
import dev.tally.view.FeedSpec;
import dev.tally.view.TableSpec;
import dev.tally.view.ViewSpec;
import java.io.PrintStream;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * {@code check}: validates everything against the live tables and says what a start would do: keys,
 * view types, what the scan costs and how long it takes, which permissions are needed.
 */
final class Check {

    /** A strongly consistent read unit is 4 KB; on demand a million of them costs so much. */
    private static final double KB_PER_UNIT = 4;

    static final double DOLLARS_PER_MILLION_UNITS = 0.125;

    /** What eight segments of one reader do; measured against a real region by nobody yet. */
    private static final double UNITS_PER_SECOND = 3000;

    private Check() {}

    static int run(PipelineConfig config, PrintStream out) {
        Preflight preflight = Preflight.ofTables(config.with(PipelineOptions.CREATE_TABLES, false));
        for (TableSpec table : config.views().tables()) {
            TableDescription found = preflight.source(table.logicalName());
            double units = Math.ceil(found.sizeBytes() / 1024.0 / KB_PER_UNIT);
            double limit = table.scanReadCapacity();
            double pace = limit > 0 ? Math.min(limit, UNITS_PER_SECOND) : UNITS_PER_SECOND;
            out.printf(
                    "table %s: key %s, stream of %s, about %,d items of %,d KB in all%n",
                    table.tableName(),
                    found.key(),
                    found.viewType(),
                    found.itemCount(),
                    found.sizeBytes() / 1024);
            out.printf(
                    "  a scan reads %,.0f read units, about $%.2f on demand, in about %,.0f s%n",
                    units, units * DOLLARS_PER_MILLION_UNITS / 1e6, Math.ceil(units / pace));
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
        out.println("permissions that the role of the job needs:");
        for (String permission : permissions(config)) {
            out.println("  " + permission);
        }
        out.println("all is well; nothing was written");
        return 0;
    }

    private static Set<String> permissions(PipelineConfig config) {
        Set<String> permissions = new LinkedHashSet<>();
        for (TableSpec table : config.views().tables()) {
            String name = "table/" + table.tableName();
            permissions.add("dynamodb:DescribeTable, dynamodb:Scan on " + name);
            permissions.add(
                    "dynamodb:DescribeStream, dynamodb:GetShardIterator, dynamodb:GetRecords on "
                            + name
                            + "/stream/*");
        }
        for (ViewSpec view : config.views().views()) {
            if (view.to().table() != null) {
                permissions.add(
                        "dynamodb:DescribeTable, dynamodb:Scan, dynamodb:UpdateItem,"
                                + " dynamodb:DeleteItem on table/"
                                + view.to().table());
            } else {
                permissions.add(
                        "kinesis:DescribeStreamSummary, kinesis:PutRecords on stream/"
                                + view.to().stream());
            }
        }
        for (FeedSpec feed : config.views().feeds()) {
            permissions.add(
                    "kinesis:DescribeStreamSummary, kinesis:PutRecords on stream/" + feed.stream());
        }
        permissions.add(
                "dynamodb:DescribeTable, dynamodb:UpdateItem, dynamodb:GetItem on table/"
                        + config.get(PipelineOptions.STATUS_TABLE));
        String deadLetters = config.get(PipelineOptions.DEAD_LETTERS_TABLE);
        if (deadLetters != null) {
            permissions.add("dynamodb:BatchWriteItem on table/" + deadLetters);
        }
        return permissions;
    }
}
