package dev.tally.bench;

import dev.tally.bench.engine.TallyEngine;
import dev.tally.bench.rivals.FlinkSql;
import dev.tally.bench.rivals.HashLoop;
import dev.tally.bench.rivals.RocksLoop;
import dev.tally.bench.rivals.SqlForm;
import dev.tally.bench.run.Contestant;
import dev.tally.bench.run.Round;
import java.util.Map;
import java.util.function.Supplier;

/** A {@link Round} of a contestant by its name. */
final class Contest {

    static final Map<String, Supplier<Contestant>> CONTESTANTS =
            Map.of(
                    "tally", TallyEngine::new,
                    "sql-b1", () -> new FlinkSql(SqlForm.NEWEST, false),
                    "sql-b1-mini", () -> new FlinkSql(SqlForm.NEWEST, true),
                    "sql-b2", () -> new FlinkSql(SqlForm.UPSERT, false),
                    "sql-b2-mini", () -> new FlinkSql(SqlForm.UPSERT, true),
                    "sql-b3", () -> new FlinkSql(SqlForm.RETRACT, false),
                    "sql-b3-mini", () -> new FlinkSql(SqlForm.RETRACT, true),
                    "loop-hash", HashLoop::new,
                    "loop-rocks", RocksLoop::new);

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
