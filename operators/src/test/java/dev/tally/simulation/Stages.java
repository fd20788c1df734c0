package dev.tally.simulation;

import dev.tally.aggregate.GroupStage;
import dev.tally.aggregate.StageOptions;
import dev.tally.change.ItemChange;
import dev.tally.codec.CodecSerializer;
import dev.tally.codec.CodecType;
import dev.tally.diff.Diffs;
import dev.tally.diff.ItemImages;
import dev.tally.diff.ItemStage;
import dev.tally.diff.ItemStageSpec;
import dev.tally.item.ItemKey;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.Membership;
import dev.tally.view.Row;
import dev.tally.view.ViewSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * All subtasks behind the readers, of one attempt: item stage, group stage and sinks, with channels
 * between each two of them. What is given to {@link #element} is spread as Flink spreads it.
 */
final class Stages {

    /** What is the same for all attempts. */
    static final class Plan {
        final SimulatedTargets targets;
        final SimulatedSink.Requests requests;
        final boolean newImagesOnly;
        final Diffs diffs;

        /** Told of each committed row, with the checkpoint whose number it carries. */
        final BiConsumer<Row, Checkpoint> onRow;

        Plan(
                SimulatedTargets targets,
                Random lateness,
                boolean newImagesOnly,
                Diffs diffs,
                BiConsumer<Row, Checkpoint> onRow) {
            this.targets = targets;
            this.requests = new SimulatedSink.Requests(targets, lateness);
            this.newImagesOnly = newImagesOnly;
            this.diffs = diffs;
            this.onRow = onRow;
        }
    }

    /** Room for four early rows per group on the heap: sometimes too little. */
    private static final long EARLY_BYTES = 660;

    private final Plan plan;
    private final int parallelism;
    private final List<StageTask<ItemKey, ItemChange, Contribution>> items = new ArrayList<>();
    private final List<StageTask<GroupKey, Contribution, Row>> groups = new ArrayList<>();
    private final List<SimulatedSink> sinks = new ArrayList<>();
    private final Consumer<Checkpoint> acknowledged;

    /** Checkpoints whose barriers may be under way. */
    private final List<Checkpoint> begun = new ArrayList<>();

    /** Subtasks of the group stage that know that the generation is ready. */
    private final Set<Integer> ready = new HashSet<>();

    /**
     * @param from null for a fresh start
     * @param acknowledged told when a subtask has its part of a checkpoint
     */
    Stages(
            Plan plan,
            List<Membership> memberships,
            Random random,
            int parallelism,
            long submission,
            Checkpoint from,
            long now,
            Consumer<Checkpoint> acknowledged)
            throws Exception {
        this.plan = plan;
        this.parallelism = parallelism;
        this.acknowledged = acknowledged;
        plan.targets.forgetAsked();
        ItemStageSpec spec =
                new ItemStageSpec(
                        "tasks",
                        SimulatedViews.KEY,
                        memberships,
                        plan.diffs,
                        plan.newImagesOnly,
                        Duration.ofMillis(200),
                        1 + random.nextInt(20),
                        1 << 20);
        int onHeap = 2 + random.nextInt(20);
        int slice = 1 + random.nextInt(10);
        StageOptions options = new StageOptions(onHeap, EARLY_BYTES * onHeap, 250, slice);
        List<ViewSpec> views =
                memberships.stream().map(Membership::view).collect(Collectors.toList());
        for (int i = 0; i < parallelism; i++) {
            boolean same = from != null && from.submission() == submission;
            List<Row> unwritten = same ? ownRows(from.unwritten, i) : List.of();
            sinks.add(new SimulatedSink(plan.requests, submission, unwritten));
            groups.add(groupTask(views, submission, options, i, from, now));
        }
        for (int i = 0; i < parallelism; i++) {
            items.add(itemTask(spec, i, from, now));
        }
    }

    private List<Row> ownRows(List<Row> rows, int subtask) {
        return rows.stream()
                .filter(row -> subtaskOf(row.group()) == subtask)
                .collect(Collectors.toList());
    }

    private int subtaskOf(Object key) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                key, StageTask.MAX_PARALLELISM, parallelism);
    }

    private StageTask<ItemKey, ItemChange, Contribution> itemTask(
            ItemStageSpec spec, int index, Checkpoint from, long now) throws Exception {
        return new StageTask<>(
                new ItemStage(spec, null, 1),
                ItemChange::key,
                CodecType.of(ItemKey.class),
                new CodecSerializer<>(Contribution.class),
                parallelism,
                index,
                from == null ? null : Arrays.asList(from.items),
                from == null ? 0 : from.id(),
                now,
                new ItemOutlet(index));
    }

    private StageTask<GroupKey, Contribution, Row> groupTask(
            List<ViewSpec> views,
            long submission,
            StageOptions options,
            int index,
            Checkpoint from,
            long now)
            throws Exception {
        return new StageTask<>(
                new GroupStage(
                        "tasks",
                        views,
                        submission,
                        plan.targets,
                        Map.of(),
                        plan.requests.lateUntil(),
                        options),
                Contribution::group,
                CodecType.of(GroupKey.class),
                new CodecSerializer<>(Row.class),
                parallelism,
                index,
                from == null ? null : Arrays.asList(from.groups),
                from == null ? 0 : from.id(),
                now,
                new GroupOutlet(index));
    }

    void begin(Checkpoint checkpoint) {
        begun.add(checkpoint);
    }

    /** A reader emits something: a change, a watermark as a number, or a barrier. */
    void element(int reader, Object element) {
        if (element instanceof ItemChange) {
            int subtask = subtaskOf(((ItemChange) element).key());
            items.get(subtask).channel(reader).add(element);
        } else {
            items.forEach(task -> task.channel(reader).add(element));
        }
    }

    /** How much lies in the channels of the item stage, for backpressure. */
    int waiting(int reader) {
        return items.stream().mapToInt(task -> task.channel(reader).size()).sum();
    }

    /** Lets one thing happen; whether something could. */
    boolean step(Random random) throws Exception {
        int subtask = random.nextInt(parallelism);
        int from = random.nextInt(parallelism);
        switch (random.nextInt(6)) {
            case 0:
            case 1:
                return items.get(subtask).consume(from);
            case 2:
            case 3:
                return groups.get(subtask).consume(from);
            case 4:
                return sinks.get(subtask).send() || plan.requests.arrive(random);
            default:
                boolean answered = plan.targets.answer();
                groups.get(subtask).mails();
                return answered;
        }
    }

    /** Lets everything happen that can before time goes on; whether something did. */
    boolean settle(Random random) throws Exception {
        boolean moved = false;
        for (int subtask = 0; subtask < parallelism; subtask++) {
            for (int from = 0; from < parallelism; from++) {
                while (items.get(subtask).consume(from)) {
                    moved = true;
                }
                while (groups.get(subtask).consume(from)) {
                    moved = true;
                }
            }
            groups.get(subtask).mails();
            moved |= sinks.get(subtask).send();
        }
        moved |= plan.targets.answer();
        moved |= plan.requests.arrive(random);
        return moved;
    }

    void time(long now) throws Exception {
        for (int subtask = 0; subtask < parallelism; subtask++) {
            items.get(subtask).time(now);
            groups.get(subtask).time(now);
        }
    }

    /** Each subtask is told by itself, and late. */
    List<Runnable> completions(long checkpoint) {
        List<Runnable> told = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            int subtask = i;
            told.add(
                    () -> {
                        try {
                            items.get(subtask).completed(checkpoint);
                            groups.get(subtask).completed(checkpoint);
                        } catch (Exception e) {
                            throw new IllegalStateException(e);
                        }
                        sinks.get(subtask).completed(checkpoint);
                    });
        }
        begun.removeIf(older -> older.id() < checkpoint);
        return told;
    }

    /** Whether ready has come all the way. */
    boolean isReady() {
        return ready.size() == parallelism;
    }

    void close() throws Exception {
        for (int subtask = 0; subtask < parallelism; subtask++) {
            items.get(subtask).close();
            groups.get(subtask).close();
        }
    }

    private final class ItemOutlet implements StageTask.Outlet<Contribution> {
        private final int index;

        ItemOutlet(int index) {
            this.index = index;
        }

        @Override
        public void value(Contribution contribution) {
            groups.get(subtaskOf(contribution.group())).channel(index).add(contribution);
        }

        @Override
        public void watermark(long generation) {
            groups.forEach(task -> task.channel(index).add(generation));
        }

        @Override
        public void barrier(Checkpoint checkpoint, OperatorSubtaskState state) throws Exception {
            groups.forEach(task -> task.channel(index).add(checkpoint));
            checkpoint.items[index] = state;
            checkpoint.images.putAll(ItemImages.of(items.get(index).state()));
            acknowledged.accept(checkpoint);
        }
    }

    private final class GroupOutlet implements StageTask.Outlet<Row> {
        private final int index;

        GroupOutlet(int index) {
            this.index = index;
        }

        @Override
        public void value(Row row) {
            sinks.get(index).take(row);
            if (!row.eager()) {
                for (Checkpoint checkpoint : begun) {
                    if (checkpoint.id() == row.checkpoint()) {
                        checkpoint.rows.add(row);
                        plan.onRow.accept(row, checkpoint);
                    }
                }
            }
        }

        @Override
        public void watermark(long generation) {
            ready.add(index);
        }

        @Override
        public void barrier(Checkpoint checkpoint, OperatorSubtaskState state) {
            checkpoint.groups[index] = state;
            checkpoint.unwritten.addAll(sinks.get(index).snapshot());
            acknowledged.accept(checkpoint);
        }
    }
}
