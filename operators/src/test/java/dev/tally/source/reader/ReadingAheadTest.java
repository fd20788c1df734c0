package dev.tally.source.reader;

import static dev.tally.source.reader.ReaderRig.task;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.ItemChange;
import dev.tally.item.ItemKey;
import dev.tally.source.SourceOptions;
import dev.tally.source.simulated.Faults.Call;
import dev.tally.source.simulated.Faults.Fault;
import dev.tally.source.simulated.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A shard that is behind: the next page is asked for before this one is read. */
class ReadingAheadTest {

    private static final int TASKS = 500;
    private static final int PAGE = 5;
    private static final Duration LONG = Duration.ofMinutes(10);

    private final ReaderRig rig = ReaderRig.withOldImages();

    ReadingAheadTest() {
        rig.options = SourceOptions.defaults().withPages(PAGE, PAGE);
    }

    private static List<ItemKey> keys(int tasks) {
        List<ItemKey> keys = new ArrayList<>();
        for (int i = 0; i < tasks; i++) {
            keys.add(ItemKey.of(Workload.KEY, task(i, "home")));
        }
        return keys;
    }

    private static List<ItemKey> keys(List<ItemChange> changes) {
        List<ItemKey> keys = new ArrayList<>();
        changes.forEach(change -> keys.add(change.key()));
        return keys;
    }

    @Test
    void theTableIsAskedForAPageBeforeTheOneBeforeHasCome() {
        rig.put(0, TASKS);
        rig.launch(rig.shard());
        boolean ahead = false;
        List<ItemKey> emitted = new ArrayList<>();
        while (emitted.size() < TASKS) {
            rig.reader.run();
            emitted.addAll(keys(rig.take()));
            // A request, its answer, and the next request before the reader has looked.
            for (int steps = 0; steps < 3; steps++) {
                rig.network.runNext();
            }
            rig.time.advance(Duration.ofMillis(10));
            int notYetThere = rig.faults.calls(Call.GET_RECORDS) * PAGE - emitted.size();
            ahead |= notYetThere > PAGE;
        }
        assertThat(ahead).isTrue();
        assertThat(emitted).isEqualTo(keys(TASKS));
        assertThat(rig.count("duplicateRecords")).isZero();
    }

    @Test
    void whatFollowsATornPageIsNotTakenBeforeIt() {
        rig.put(0, TASKS);
        rig.faults.with(Fault.TORN_ANSWER, 0.4);
        rig.launch(rig.shard()).pass(LONG);
        assertThat(keys(rig.take())).isEqualTo(keys(TASKS));
        assertThat(rig.count("retries")).isGreaterThan(TASKS / PAGE / 5);
        assertThat(rig.count("duplicateRecords")).isZero();
    }

    @Test
    void aShardInStepIsAskedNoMoreOften() {
        rig.launch(rig.shard()).pass(LONG);
        int before = rig.faults.calls(Call.GET_RECORDS);
        rig.table.put(task(1, "home"));
        rig.pass(Duration.ofSeconds(10));
        assertThat(rig.take()).hasSize(1);
        // After a record the waits are 100 ms, 100, 200, 400, 800 ms and then a second.
        assertThat(rig.faults.calls(Call.GET_RECORDS) - before).isBetween(10, 15);
    }
}
