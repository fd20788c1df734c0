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

    static final Map<String, Supplier<Contestant>> CONTESTANTS =
            Map.ofEntries(
                    entry("tally", TallyEngine::new),
                    entry("sql-b1", () -> new FlinkSql(SqlForm.NEWEST, false)),
                    entry("sql-b1-mini", () -> new FlinkSql(SqlForm.NEWEST, true)),
                    entry("sql-b2", () -> new FlinkSql(SqlForm.UPSERT, false)),
                    entry("sql-b2-mini", () -> new FlinkSql(SqlForm.UPSERT, true)),
                    entry("sql-b3", () -> new FlinkSql(SqlForm.RETRACT, false)),
                    entry("sql-b3-mini", () -> new FlinkSql(SqlForm.RETRACT, true)),
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
