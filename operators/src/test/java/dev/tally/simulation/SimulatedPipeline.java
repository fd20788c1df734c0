package dev.tally.simulation;

import dev.tally.source.SimulatedEnumeratorContext;
import dev.tally.source.SimulatedReader;
import dev.tally.source.TableTime;
import dev.tally.source.WireForm;
import dev.tally.source.client.TableClients;
import dev.tally.source.enumerator.DynamoDbEnumerator;
import dev.tally.source.enumerator.EnumeratorState;
import dev.tally.source.simulated.AnswerQueue;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTableClient;
import dev.tally.source.simulated.VirtualClock;
import dev.tally.source.split.TableSplit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * The pipeline of a table in one thread: the real enumerator, readers and stages, with the parts of
 * Flink 1.20.3 that they can feel: channels in order and with delay, aligned checkpoints whose
 * coordinator part comes first, checkpoints that are given up, a region that restarts while the
 * enumerator stays, a restore of everything, a new submission with another parallelism.
 */
final class SimulatedPipeline {

    private static final int CHANNEL_MAX = 30;
    private static final int SAVEPOINTS = 4;

    private final Random random;
    private final TableTime clock;
    private final VirtualClock time;
    private final SimulatedTable table;
    private final Faults faults;
    private final TableClients clients;
    private final Stages.Plan plan;
    private final Consumer<Checkpoint> onCompleted;

    private AnswerQueue network = new AnswerQueue();

    private Start start;
    private int parallelism;
    private long submission;
    private SimulatedEnumeratorContext context;
    private DynamoDbEnumerator enumerator;
    private Attempt[] attempts = new Attempt[0];
    private Stages stages;
    private long lastCheckpoint;

    /** The one that the coordinator waits for; null if none, or if it was given up. */
    private Checkpoint pending;

    /** What a failure goes back to; null: to the beginning. */
    private Checkpoint completed;

    /** Completed ones, the newest last: what somebody may start from. */
    private final ArrayDeque<Checkpoint> savepoints = new ArrayDeque<>();

    /** Completed checkpoints that the enumerator, and that subtasks, have not been told of. */
    private final ArrayDeque<Checkpoint> untold = new ArrayDeque<>();

    private final List<Runnable> untoldTasks = new ArrayList<>();

    SimulatedPipeline(
            Random random,
            VirtualClock time,
            SimulatedTable table,
            Faults faults,
            Stages.Plan plan,
            Consumer<Checkpoint> onCompleted,
            Start start)
            throws Exception {
        this.random = random;
        this.time = time;
        this.clock = new TableTime(time);
        this.table = table;
        this.faults = faults;
        this.plan = plan;
        this.onCompleted = onCompleted;
        this.clients = any -> new SimulatedTableClient(table, faults, network);
        submit(null, start);
    }

    /** Somebody starts it: from any completed checkpoint, or from nothing. */
    private void submit(Checkpoint from, Start newStart) throws Exception {
        submission++;
        start = newStart;
        parallelism = newStart.parallelism;
        completed = from;
        lastCheckpoint = from == null ? 0 : from.id();
        launch(from);
    }

    private void launch(Checkpoint from) throws Exception {
        stopTasks();
        network = new AnswerQueue();
        untold.clear();
        context = new SimulatedEnumeratorContext(parallelism, new Orders());
        EnumeratorState state = from == null ? null : WireForm.state(from.enumerator);
        enumerator =
                new DynamoDbEnumerator(
                        context,
                        start.spec,
                        clients,
                        start.options,
                        start.needs(),
                        submission,
                        null,
                        clock,
                        state);
        enumerator.start();
        startTasks(from);
    }

    private void stopTasks() throws Exception {
        pending = null;
        untoldTasks.clear();
        for (Attempt attempt : attempts) {
            attempt.reader.close();
        }
        if (stages != null) {
            stages.close();
        }
    }

    /** Harsher than Flink, which leaves splits where they are unless it was rescaled. */
    private void startTasks(Checkpoint from) throws Exception {
        stages =
                new Stages(
                        plan,
                        start.views,
                        random,
                        parallelism,
                        submission,
                        from,
                        time.getAsLong(),
                        this::completeIfWhole);
        attempts = new Attempt[parallelism];
        for (int i = 0; i < parallelism; i++) {
            List<TableSplit> splits = new ArrayList<>();
            for (int s = i; from != null && s < from.splits.size(); s += parallelism) {
                splits.add(WireForm.split(from.splits.get(s)));
            }
            startReader(i, splits);
        }
    }

    private void startReader(int subtask, List<TableSplit> restored) {
        Attempt attempt = new Attempt();
        attempts[subtask] = attempt;
        attempt.reader =
                new SimulatedReader(
                        subtask,
                        parallelism,
                        start.spec,
                        new SimulatedTableClient(table, faults, network),
                        start.options,
                        clock,
                        random,
                        event -> reported(attempt, subtask, event));
        if (!restored.isEmpty()) {
            attempt.reader.reader().addSplits(restored);
        }
        attempt.reports.add(
                () -> {
                    context.register(subtask);
                    enumerator.addReader(subtask);
                });
        attempt.reader.reader().start();
    }

    private void reported(Attempt attempt, int subtask, SourceEvent event) {
        attempt.reports.add(() -> enumerator.handleSourceEvent(subtask, event));
    }

    /** Lets one thing happen, any; whether something could. */
    boolean step() throws Exception {
        Attempt attempt = attempts[random.nextInt(parallelism)];
        switch (random.nextInt(10)) {
            case 0:
            case 1:
                return network.runAny(random);
            case 2:
                return context.runNext();
            case 3:
                return Attempt.runNext(attempt.orders);
            case 4:
                return Attempt.runNext(attempt.reports);
            case 5:
            case 6:
                return poll(random.nextInt(parallelism));
            case 7:
                return random.nextBoolean() ? tellEnumerator() : tellTask();
            default:
                return stages.step(random);
        }
    }

    /** Lets everything happen that can before time goes on. */
    void settle() throws Exception {
        boolean moved = true;
        while (moved) {
            moved = network.size() > 0;
            network.runAll();
            while (context.runNext()) {
                moved = true;
            }
            for (int i = 0; i < parallelism; i++) {
                moved |= Attempt.runNext(attempts[i].orders);
                moved |= Attempt.runNext(attempts[i].reports);
                moved |= poll(i);
            }
            moved |= stages.settle(random);
            moved |= tellEnumerator();
            moved |= tellTask();
        }
    }

    private boolean poll(int reader) {
        if (stages.waiting(reader) > CHANNEL_MAX) {
            return false;
        }
        boolean moved = attempts[reader].reader.step();
        ArrayDeque<Object> output = attempts[reader].reader.output();
        while (!output.isEmpty()) {
            Object element = output.poll();
            boolean mark = element instanceof Watermark;
            stages.element(reader, mark ? ((Watermark) element).getTimestamp() : element);
        }
        return moved;
    }

    /** Periodic work and timers, after time has gone on. */
    void tick() throws Exception {
        context.tick();
        plan.requests.time(time.getAsLong());
        stages.time(time.getAsLong());
    }

    /** Begins a checkpoint, unless one is under way or a reader is not there yet. */
    void checkpoint() throws Exception {
        checkpoint(false);
    }

    /**
     * @param plain a savepoint while the job goes on: nobody is told of it, nothing is committed
     */
    void checkpoint(boolean plain) throws Exception {
        if (pending != null || context.registeredReaders().size() < parallelism) {
            return;
        }
        long id = ++lastCheckpoint;
        byte[] state = WireForm.of(enumerator.snapshotState(id));
        context.checkpointBegins(id);
        Checkpoint begun = new Checkpoint(id, submission, state, parallelism, plain);
        pending = begun;
        stages.begin(begun);
        for (int i = 0; i < parallelism; i++) {
            int subtask = i;
            Attempt attempt = attempts[i];
            attempt.orders.add(() -> barrier(begun, attempt, subtask));
        }
    }

    private void barrier(Checkpoint begun, Attempt attempt, int subtask) {
        for (TableSplit split : attempt.reader.snapshot(begun.id())) {
            begun.splits.add(WireForm.of(split));
        }
        stages.element(subtask, begun);
        attempt.reports.add(
                () -> {
                    begun.readerAcknowledged();
                    completeIfWhole(begun);
                });
    }

    /** The coordinator gives the checkpoint up; its barriers go on, its parts come too late. */
    void giveUpCheckpoint() {
        pending = null;
    }

    private void completeIfWhole(Checkpoint checkpoint) {
        if (checkpoint != pending || !checkpoint.isWhole()) {
            return;
        }
        pending = null;
        savepoints.add(checkpoint);
        if (savepoints.size() > SAVEPOINTS) {
            savepoints.remove();
        }
        if (checkpoint.plain()) {
            return;
        }
        completed = checkpoint;
        plan.targets.completed(submission, checkpoint.id());
        untold.add(checkpoint);
        untoldTasks.addAll(stages.completions(checkpoint.id()));
        if (random.nextInt(10) == 0) {
            // A notification is lost; the next one says as much.
            untoldTasks.remove(0);
        }
        onCompleted.accept(checkpoint);
    }

    private boolean tellEnumerator() {
        Checkpoint told = untold.poll();
        if (told != null) {
            context.checkpointCompleted(told.id());
            enumerator.notifyCheckpointComplete(told.id());
        }
        return told != null;
    }

    private boolean tellTask() {
        boolean any = !untoldTasks.isEmpty();
        if (any) {
            untoldTasks.remove(random.nextInt(untoldTasks.size())).run();
        }
        return any;
    }

    /** A machine dies: all tasks start again from the last checkpoint, the enumerator stays. */
    void failRegion() throws Exception {
        stopTasks();
        long restored = completed == null ? 0 : completed.id();
        for (int i = 0; i < parallelism; i++) {
            context.unregister(i);
            enumerator.addSplitsBack(context.takeBack(i, restored), i);
        }
        startTasks(completed);
    }

    /** The JobManager dies: everything from the last checkpoint. */
    void failAll() throws Exception {
        enumerator.close();
        launch(completed);
    }

    /** Somebody starts the job again, from one of its last checkpoints, elsewhere. */
    void submitAgain(Runnable meanwhile, Supplier<Start> newStart) throws Exception {
        enumerator.close();
        List<Checkpoint> all = new ArrayList<>(savepoints);
        int age = random.nextBoolean() ? 0 : random.nextInt(all.size());
        Checkpoint from = all.get(all.size() - 1 - age);
        plan.requests.endOfSubmission(time.getAsLong(), random);
        meanwhile.run();
        submit(from, newStart.get());
    }

    /** Somebody starts it without state, over the targets that it had. */
    void startAfresh() throws Exception {
        enumerator.close();
        savepoints.clear();
        plan.requests.endOfSubmission(time.getAsLong(), random);
        submit(null, start);
    }

    /** The end of input, as a job stopped with --drain has it, before its last savepoint. */
    void drain() throws Exception {
        for (int i = 0; i < parallelism; i++) {
            stages.element(i, Long.MAX_VALUE);
        }
    }

    /** Whether requests of a submission that is replaced may arrive still. */
    boolean mayMeetLateWrites() {
        return time.getAsLong() < plan.requests.lateUntil();
    }

    boolean hasSavepoint() {
        return !savepoints.isEmpty();
    }

    /** Whether ready has come all the way, in this attempt. */
    boolean isReady() {
        return stages.isReady();
    }

    private final class Orders implements SimulatedEnumeratorContext.Wire {

        @Override
        public void splits(int subtask, List<TableSplit> splits) {
            attempts[subtask].give(splits);
        }

        @Override
        public void event(int subtask, SourceEvent event) {
            attempts[subtask].tell(event);
        }
    }
}
