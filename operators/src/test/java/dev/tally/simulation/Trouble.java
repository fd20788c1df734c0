package dev.tally.simulation;

import dev.tally.source.client.ClientException;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.VirtualClock;
import java.time.Duration;
import java.util.Random;

/**
 * What happens to tables in days, so that records are lost: each ends with the table written to.
 */
final class Trouble {

    private final Random random;
    private final VirtualClock time;
    private final SimulatedTable table;
    private final ItemHistory items;

    Trouble(Random random, VirtualClock time, SimulatedTable table, ItemHistory items) {
        this.random = random;
        this.time = time;
        this.table = table;
        this.items = items;
    }

    private void write(int most) {
        for (int i = random.nextInt(most + 1); i > 0; i--) {
            items.write(random, time.getAsLong());
        }
    }

    /** Hours go by, as the table sees them. */
    void hours(int hours) {
        boolean idle = random.nextInt(4) == 0;
        for (int hour = random.nextInt(hours + 1); hour > 0; hour--) {
            write(idle ? 0 : 3);
            time.advance(Duration.ofHours(1));
            table.shardIds();
        }
    }

    void switchOff() {
        if (table.streaming()) {
            table.disableStream();
            write(4);
        }
    }

    /** The view type may not change: the item stage of the running job knows the old one. */
    void switchOn(ViewType viewType) {
        if (!table.streaming()) {
            table.enableStream(viewType);
        }
    }

    void recreate() {
        table.recreate();
        items.replaced(time.getAsLong());
        write(6);
    }

    void restoreBackup() {
        hours(20);
        table.restoreBackup("todoListTask-" + random.nextInt(100), table.items());
        hours(3);
    }

    /** The stream gives nothing for a long time while the job goes on. */
    void cutOff(Faults faults, SimulatedPipeline pipeline) throws Exception {
        faults.failAll(Faults.Call.GET_RECORDS, ClientException.Kind.THROTTLED);
        try {
            for (int hour = random.nextInt(40); hour > 0; hour--) {
                write(2);
                time.advance(Duration.ofHours(1));
                pipeline.tick();
                for (int i = 0; i < 40; i++) {
                    pipeline.step();
                }
                if (random.nextBoolean()) {
                    pipeline.checkpoint();
                }
            }
        } finally {
            // Also if that ended the job by name.
            faults.failNext(Faults.Call.GET_RECORDS, ClientException.Kind.THROTTLED, 0);
        }
    }
}
