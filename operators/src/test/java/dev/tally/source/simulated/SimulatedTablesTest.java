package dev.tally.source.simulated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.view.TableSpec;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

/** That copies through bytes find the same tables. */
class SimulatedTablesTest {

    private static final TableSpec SPEC =
            new TableSpec(
                    "tasks",
                    "todoListTask",
                    null,
                    null,
                    TableSpec.Start.SNAPSHOT,
                    TableSpec.OnGap.FAIL,
                    TableSpec.Reader.TALLY,
                    0);

    private final SimulatedTable table =
            new SimulatedTable(
                    "todoListTask", Workload.KEY, ViewType.NEW_IMAGE, 1, 1, () -> 1_790_000_000L);

    @Test
    void areFoundByACopyUntilTheyAreForgotten() throws Exception {
        SimulatedTables tables = new SimulatedTables("SimulatedTablesTest");
        tables.serve(table, Faults.none());
        table.put(new Workload(1, 5, 2).next().after());
        SimulatedTables copy = InstantiationUtil.clone(tables);
        try (TableClient client = copy.open(SPEC)) {
            assertThat(client.scan(0, 1, null, 10).join().items()).isEqualTo(table.items());
        }
        tables.clear();

        assertThatThrownBy(() -> copy.open(SPEC))
                .hasMessage(
                        "cannot open table todoListTask: no such table is simulated in"
                                + " SimulatedTablesTest.");
    }
}
