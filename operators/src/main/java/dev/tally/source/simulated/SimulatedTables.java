package dev.tally.source.simulated;

import dev.tally.source.client.ClientException;
import dev.tally.source.client.ClientException.Kind;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableClients;
import dev.tally.view.TableSpec;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;

/**
 * The simulated tables of this JVM, by a name of their world: Flink copies its sources through
 * bytes, and a copy finds the same tables again by the world's name.
 */
public final class SimulatedTables implements TableClients {

    private static final long serialVersionUID = 1L;
    private static final Map<String, Served> SERVED = new ConcurrentHashMap<>();

    private final String world;

    /**
     * @param world keeps tables of the same name apart: of other tests in this JVM
     */
    public SimulatedTables(String world) {
        this.world = Objects.requireNonNull(world);
    }

    /** Serves a table under its name, from now on; calls complete at once. */
    public void serve(SimulatedTable table, Faults faults) {
        serve(table, faults, Runnable::run);
    }

    public void serve(SimulatedTable table, Faults faults, Executor network) {
        SERVED.put(world + "/" + table.name(), new Served(table, faults, network));
    }

    /** Forgets the tables of this world. */
    public void clear() {
        SERVED.keySet().removeIf(name -> name.startsWith(world + "/"));
    }

    @Override
    public TableClient open(TableSpec table) throws ClientException {
        Served served = SERVED.get(world + "/" + table.tableName());
        if (served == null) {
            throw Faults.fault(
                    Kind.NOT_FOUND,
                    "open table " + table.tableName(),
                    "no such table is simulated in " + world);
        }
        return new SimulatedTableClient(served.table, served.faults, served.network);
    }

    private static final class Served {
        private final SimulatedTable table;
        private final Faults faults;
        private final Executor network;

        Served(SimulatedTable table, Faults faults, Executor network) {
            this.table = table;
            this.faults = faults;
            this.network = network;
        }
    }
}
