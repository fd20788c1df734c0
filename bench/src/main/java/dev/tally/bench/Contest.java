package dev.tally.bench;

import static java.util.Map.entry;

import dev.tally.bench.engine.TallyEngine;
import dev.tally.bench.rivals.FlinkSql;
import dev.tally.bench.rivals.HashLoop;
import dev.tally.bench.rivals.RocksLoop;
import dev.tally.bench.rivals.SqlForm;
import dev.tally.bench.run.Contestant;
import dev.tally.bench.run.Round;
import dev.tally.bench.wire.TallyWire;
import java.util.Map;
import java.util.function.Supplier;

/** A {@link Round} of a contestant by its name. */
final class Contest {

    /** What people set, and what documentation shows. */
    private static final long BUNDLE_ROWS = 5_000;

    static final Map<String, Supplier<Contestant>> CONTESTANTS =
            Map.ofEntries(
                    entry("tally", TallyEngine::new),
                    entry("sql-b1", () -> new FlinkSql(SqlForm.NEWEST, 0)),
                    entry("sql-b1-mini", () -> new FlinkSql(SqlForm.NEWEST, BUNDLE_ROWS)),
                    entry("sql-b1-large", () -> new FlinkSql(SqlForm.NEWEST, 10 * BUNDLE_ROWS)),
                    entry("sql-b2", () -> new FlinkSql(SqlForm.UPSERT, 0)),
                    entry("sql-b2-mini", () -> new FlinkSql(SqlForm.UPSERT, BUNDLE_ROWS)),
                    entry("sql-b3", () -> new FlinkSql(SqlForm.RETRACT, 0)),
                    entry("sql-b3-mini", () -> new FlinkSql(SqlForm.RETRACT, BUNDLE_ROWS)),
                    entry("loop-hash", HashLoop::new),
                    entry("loop-rocks", RocksLoop::new),
                    entry("wire", () -> new TallyWire(true)),
                    entry("wire-sdk", () -> new TallyWire(false)));

    private Contest() {}

    /** As {@link Round#run} has it. */
    public static void main(String[] args) throws Exception {
        Supplier<Contestant> contestant = CONTESTANTS.get(args[0]);
        if (contestant == null) {
            throw new IllegalArgumentException(
                    "cannot run contestant "
                            + args[0]
                            + ": there is none of this name. Take one of "
                            + CONTESTANTS.keySet()
                            + ".");
        }
        Round.run(contestant.get(), args);
    }
}
