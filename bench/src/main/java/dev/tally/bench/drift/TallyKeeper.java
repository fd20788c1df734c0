package dev.tally.bench.drift;

import dev.tally.bench.local.LocalTally;
import dev.tally.source.client.TableClients;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.LongSupplier;

/** Tally, as it is shipped. */
final class TallyKeeper implements Keeper {

    private static final String VIEWS =
            """
            tables: { tasks: { name: tasks } }
            views:
              counts:
                table: tasks
                group-by: [ListId]
                measures: { Tasks: count, Effort: { sum: Effort } }
                to: { table: %s }
            """;

    private final LocalTally tally;
    private final LongSupplier clock;
    private String savepoint;

    /**
     * @param clock of the source table
     */
    TallyKeeper(Path folder, URI target, String rows, TableClients sources, LongSupplier clock)
            throws Exception {
        this.tally =
                new LocalTally(
                                folder,
                                target,
                                String.format(VIEWS, rows),
                                "-Dstatus.table=" + rows + "-status")
                        .reading(sources);
        this.clock = clock;
    }

    @Override
    public void start() throws Exception {
        tally.start(null);
    }

    @Override
    public void catchUp() throws Exception {
        tally.awaitExact(Instant.ofEpochMilli(clock.getAsLong()));
    }

    @Override
    public void mark() throws Exception {
        savepoint = tally.savepoint();
    }

    @Override
    public void goBack() throws Exception {
        tally.kill();
        tally.start(savepoint);
    }

    @Override
    public void close() {
        tally.close();
    }
}
