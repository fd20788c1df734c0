package dev.tally.job.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.source.client.TableDescription;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTables;
import dev.tally.source.simulated.VirtualClock;
import dev.tally.source.simulated.Workload;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Reading a stream in turns, and what is made of the speeds. */
class CatchUpTest {
    private static final TableSpec TABLE =
            new TableSpec(
                    "tasks",
                    "todoListTask",
                    null,
                    null,
                    TableSpec.Start.SNAPSHOT,
                    TableSpec.OnGap.RESNAPSHOT,
                    TableSpec.Reader.TALLY,
                    0);

    private final SimulatedTables tables = new SimulatedTables("catch-up");
    private final SimulatedTable table =
            new SimulatedTable(
                    TABLE.tableName(),
                    Workload.KEY,
                    TableDescription.ViewType.NEW_AND_OLD_IMAGES,
                    2,
                    1,
                    new VirtualClock(1_000_000_000_000L));

    private long written;

    @BeforeEach
    void serve() {
        tables.serve(table, Faults.none());
    }

    @AfterEach
    void forget() {
        tables.clear();
    }

    @Test
    void thePipelineIsAskedForAllRecordsOfAllShards() throws Exception {
        write(30);
        table.rollOver();
        write(12);
        List<Long> asked = new ArrayList<>();

        CatchUp figure = CatchUp.measure(tables, TABLE, noted(asked, 1_000), Duration.ZERO);

        assertThat(asked).containsExactly(42L);
        assertThat(figure.line()).contains("42 records, median of 1").contains("ratio ");
    }

    @Test
    void theFirstTurnWarmsUp() throws Exception {
        write(10);
        List<Long> asked = new ArrayList<>();

        CatchUp figure = CatchUp.measure(tables, TABLE, noted(asked, 1_000), Duration.ofHours(1));

        assertThat(asked).hasSize(8);
        assertThat(figure.line()).contains("median of 7").contains("catch-up 1,000 records/s");
    }

    @Test
    void anEmptyStreamGivesNoFigure() throws Exception {
        List<Long> asked = new ArrayList<>();

        CatchUp figure = CatchUp.measure(tables, TABLE, noted(asked, 1), Duration.ofHours(1));

        assertThat(asked).isEmpty();
        assertThat(figure.line()).contains("not measured");
    }

    @Test
    void aPipelineThatFailsGivesNoFigure() {
        write(1);
        IllegalStateException failure = new IllegalStateException("cannot read");

        assertThatThrownBy(
                        () ->
                                CatchUp.measure(
                                        tables,
                                        TABLE,
                                        records -> {
                                            throw failure;
                                        },
                                        Duration.ZERO))
                .isSameAs(failure);
    }

    private static CatchUp.Pipeline noted(List<Long> asked, long perSecond) {
        return records -> {
            asked.add(records);
            return new Speed(records, records * 1_000_000_000L / perSecond);
        };
    }

    private void write(int changes) {
        for (int i = 0; i < changes; i++) {
            table.put(ProbeItem.changed(++written));
        }
    }
}
