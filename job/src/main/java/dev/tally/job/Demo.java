package dev.tally.job;

import dev.tally.sink.ItemTable;
import dev.tally.view.TableSpec;

/** The demo traffic of a local run, if it was not declined and its table is read. */
final class Demo implements AutoCloseable {

    /** The table that it writes to. */
    static final String TABLE = "todoListTask";

    private static final long SEED = 20_260_101L;

    private final CommandLine line;
    private final ItemTable table;
    private final DemoTraffic traffic;
    private final TableSpec spec;

    Demo(CommandLine line, PipelineConfig config) {
        this.line = line;
        this.spec = line.has("no-demo") || line.has("aws") ? null : spec(config);
        this.table = spec == null ? null : new ItemTable(config.targetSettings(null, null), TABLE);
        this.traffic = spec == null ? null : new DemoTraffic(table, SEED);
    }

    private static TableSpec spec(PipelineConfig config) {
        for (TableSpec spec : config.views().tables()) {
            if (spec.tableName().equals(TABLE)) {
                return spec;
            }
        }
        return null;
    }

    /** Null without traffic. */
    TableSpec spec() {
        return spec;
    }

    /** Null without traffic. */
    ItemTable table() {
        return table;
    }

    void fill() {
        if (traffic != null && !line.has("from-savepoint")) {
            traffic.fill();
        }
    }

    void start() {
        if (traffic != null) {
            traffic.start();
        }
    }

    int writes() {
        return traffic == null ? 0 : traffic.writes();
    }

    String summary() {
        if (traffic == null) {
            return "no demo traffic";
        }
        String error = traffic.error() == null ? "" : "; then it ended: " + traffic.error();
        return "demo traffic: " + traffic.summary() + error;
    }

    void stop() {
        if (traffic != null) {
            traffic.close();
        }
    }

    @Override
    public void close() {
        if (traffic != null) {
            traffic.close();
            table.close();
        }
    }
}
