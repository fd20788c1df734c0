package dev.tally.diff;

import dev.tally.view.Membership;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Starts subtasks of the item stage and closes them after the test. */
final class Stages implements AfterEachCallback {

    private final List<StageHarness> open = new ArrayList<>();

    static ItemStageSpec spec(Membership... views) {
        return spec(Diffs.NONE, false, 1000, 1 << 20, views);
    }

    static ItemStageSpec spec(
            Diffs diffs,
            boolean newImagesOnly,
            int bundleItems,
            long bundleBytes,
            Membership... views) {
        return new ItemStageSpec(
                "tasks",
                Tasks.KEY,
                List.of(views),
                diffs,
                newImagesOnly,
                Duration.ofMillis(200),
                bundleItems,
                bundleBytes);
    }

    StageHarness start(ItemStageSpec spec) throws Exception {
        return restore(spec, List.of(), 1).get(0);
    }

    StageHarness startTelling(ItemStageSpec spec, List<String> told) throws Exception {
        StageHarness stage = StageHarness.telling(spec, told);
        open.add(stage);
        return stage;
    }

    List<StageHarness> restore(
            ItemStageSpec spec, List<OperatorSubtaskState> states, int parallelism)
            throws Exception {
        List<StageHarness> subtasks = StageHarness.start(spec, states, parallelism);
        open.addAll(subtasks);
        return subtasks;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (StageHarness stage : open) {
            stage.close();
        }
        open.clear();
    }
}
