package dev.tally.source;

import dev.tally.source.client.TableClients;
import dev.tally.source.enumerator.DynamoDbEnumerator;
import dev.tally.source.enumerator.EnumeratorState;
import dev.tally.source.simulated.AnswerQueue;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.SimulatedTableClient;
import dev.tally.source.simulated.VirtualClock;
import dev.tally.source.split.TableSplit;
import dev.tally.view.TableSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.flink.api.connector.source.SourceEvent;

/**
 * Enumerator, readers and the stage behind them in one thread, with the parts of Flink 1.20.3 that
 * they can feel: channels in order and with delay, aligned checkpoints whose coordinator part comes
 * first, a region that restarts while the enumerator stays, a restore of everything.
 */
final class SimulatedJob {

    private static final int OUTPUT_MAX = 40;

    private final Random random;
    private final TableTime clock;
    private final SimulatedTable table;
    private TableSpec spec;
    private SourceOptions options;
    private final TreeMap<String, String> views = new TreeMap<>(Map.of("v", "by list"));
    private final Faults faults;
    private final TableClients clients;
    private final AnswerQueue network = new AnswerQueue();
    private final KeyedStage stage;

    private int parallelism;
    private long submission = 1;
    private SimulatedEnumeratorContext context;
    private DynamoDbEnumerator enumerator;
    private Attempt[] attempts = new Attempt[0];
    private long lastCheckpoint;
    private Checkpoint pending;
    private Checkpoint completed;

    /** Completed checkpoints that the enumerator has not been told of. */
    private final ArrayDeque<Checkpoint> untold = new ArrayDeque<>();

    SimulatedJob(
            Random random,
            VirtualClock time,
            SimulatedTable table,
            Faults faults,
            TableSpec spec,
            SourceOptions options,
            KeyedStage stage,
            int parallelism) {
        this.random = random;
        this.clock = new TableTime(time);
        this.table = table;
        this.spec = spec;
        this.options = options;
        this.stage = stage;
        this.parallelism = parallelism;
        this.faults = faults;
        this.clients = any -> new SimulatedTableClient(table, faults, network);
        launch(null);
    }

    /** One attempt of a subtask, with its channels to and from the coordinator. */
    private static final class Attempt {
        private SimulatedReader reader;
        private final ArrayDeque<Runnable> orders = new ArrayDeque<>();
        private final ArrayDeque<Runnable> reports = new ArrayDeque<>();

        /** The barrier that it stands at, or null. */
        private Checkpoint aligning;
    }

    private static final class Checkpoint {
        private final long id;
        private final byte[] enumerator;
        private final List<byte[]> splits = new ArrayList<>();
        private final int parallelism;
        private int acknowledged;
        private Object stage;

        Checkpoint(long id, byte[] enumerator, int parallelism) {
            this.id = id;
            this.enumerator = enumerator;
            this.parallelism = parallelism;
        }
    }

    private void launch(Checkpoint from) {
        Arrays.stream(attempts).forEach(attempt -> attempt.reader.close());
        pending = null;
        untold.clear();
        context = new SimulatedEnumeratorContext(parallelism, new Orders());
        try {
            EnumeratorState state = from == null ? null : WireForm.state(from.enumerator);
            enumerator =
                    new DynamoDbEnumerator(
                            context, spec, clients, options, views, submission, null, clock, state);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        enumerator.start();
        stage.restore(from == null ? null : from.stage, parallelism);
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
                        spec,
                        new SimulatedTableClient(table, faults, network),
                        options,
                        clock,
                        random,
                        event -> attempt.reports.add(() -> report(subtask, event)));
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

    private void report(int subtask, SourceEvent event) {
        enumerator.handleSourceEvent(subtask, event);
    }

    /** Lets one thing happen, any; whether something could. */
    boolean step() {
        switch (random.nextInt(6)) {
            case 0:
                return network.runAny(random);
            case 1:
                return context.runNext();
            case 2:
                return runNext(any().orders);
            case 3:
                return runNext(any().reports);
            case 4:
                Attempt attempt = any();
                return attempt.reader.output().size() < OUTPUT_MAX && attempt.reader.step();
            default:
                return consume(random.nextInt(parallelism)) || tellCompleted();
        }
    }

    /** Lets everything happen that can, until nothing can before time goes on. */
    void settle() {
        boolean moved = true;
        while (moved) {
            moved = network.size() > 0;
            network.runAll();
            while (context.runNext()) {
                moved = true;
            }
            for (int i = 0; i < parallelism; i++) {
                moved |= runNext(attempts[i].orders);
                moved |= runNext(attempts[i].reports);
                moved |= attempts[i].reader.step();
                while (consume(i)) {
                    moved = true;
                }
            }
            moved |= tellCompleted();
        }
    }

    void tick() {
        context.tick();
    }

    private Attempt any() {
        return attempts[random.nextInt(parallelism)];
    }

    private static boolean runNext(ArrayDeque<Runnable> channel) {
        Runnable next = channel.poll();
        if (next != null) {
            next.run();
        }
        return next != null;
    }

    private boolean consume(int channel) {
        Attempt attempt = attempts[channel];
        if (attempt.aligning != null || attempt.reader.output().isEmpty()) {
            return false;
        }
        Object element = attempt.reader.output().poll();
        if (element instanceof Checkpoint) {
            attempt.aligning = (Checkpoint) element;
            align();
        } else {
            stage.take(element, channel);
        }
        return true;
    }

    private void align() {
        for (Attempt attempt : attempts) {
            if (attempt.aligning == null) {
                return;
            }
        }
        pending.stage = stage.snapshot();
        for (Attempt attempt : attempts) {
            attempt.aligning = null;
        }
        completeIfAll();
    }

    /** Begins a checkpoint: the coordinator's part first, then the barrier behind its events. */
    void checkpoint() {
        if (pending != null || context.registeredReaders().size() < parallelism) {
            return;
        }
        long id = ++lastCheckpoint;
        byte[] state;
        try {
            state = WireForm.of(enumerator.snapshotState(id));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        context.checkpointBegins(id);
        Checkpoint begun = new Checkpoint(id, state, parallelism);
        pending = begun;
        for (Attempt attempt : attempts) {
            attempt.orders.add(
                    () -> {
                        attempt.reader.snapshot(id).forEach(s -> begun.splits.add(WireForm.of(s)));
                        attempt.reader.output().add(begun);
                        attempt.reports.add(
                                () -> {
                                    begun.acknowledged++;
                                    completeIfAll();
                                });
                    });
        }
    }

    private void completeIfAll() {
        if (pending.acknowledged == pending.parallelism && pending.stage != null) {
            completed = pending;
            untold.add(pending);
            pending = null;
        }
    }

    private boolean tellCompleted() {
        Checkpoint told = untold.poll();
        if (told != null) {
            context.checkpointCompleted(told.id);
            enumerator.notifyCheckpointComplete(told.id);
        }
        return told != null;
    }

    /** A machine dies: all tasks start again from the last checkpoint, the enumerator stays. */
    void failRegion() {
        pending = null;
        long restored = completed == null ? 0 : completed.id;
        List<List<TableSplit>> kept = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            kept.add(new ArrayList<>());
        }
        // Harsher than Flink, which leaves splits where they are unless it was rescaled.
        int next = 0;
        for (int s = 0; completed != null && s < completed.splits.size(); s++) {
            kept.get(next++ % parallelism).add(WireForm.split(completed.splits.get(s)));
        }
        for (int i = 0; i < parallelism; i++) {
            attempts[i].reader.close();
            context.unregister(i);
            enumerator.addSplitsBack(context.takeBack(i, restored), i);
        }
        stage.restore(completed == null ? null : completed.stage, parallelism);
        for (int i = 0; i < parallelism; i++) {
            startReader(i, kept.get(i));
        }
    }

    /** The JobManager dies: everything from the last checkpoint. */
    void failAll() {
        close();
        launch(completed);
    }

    /** Somebody stops the job and starts it again from its last checkpoint, elsewhere. */
    void resubmit(int newParallelism) {
        submission++;
        parallelism = newParallelism;
        failAll();
    }

    /** Somebody stops it, lets time pass, and starts it again with other settings. */
    void resubmit(
            int newParallelism,
            Supplier<TableSpec> newSpec,
            SourceOptions newOptions,
            Map<String, String> newViews,
            Runnable meanwhile) {
        close();
        meanwhile.run();
        submission++;
        parallelism = newParallelism;
        spec = newSpec.get();
        options = newOptions;
        views.clear();
        views.putAll(newViews);
        launch(completed);
    }

    private void close() {
        enumerator.close();
    }

    /** Somebody starts it without state. */
    void startAfresh() {
        submission++;
        completed = null;
        failAll();
    }

    /** How many shards the last checkpoint knows. */
    int shardsInState() {
        try {
            return WireForm.state(completed.enumerator).shardCount();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    SimulatedEnumeratorContext context() {
        return context;
    }

    boolean hasCheckpoint() {
        return completed != null;
    }

    private final class Orders implements SimulatedEnumeratorContext.Wire {
        @Override
        public void splits(int subtask, List<TableSplit> splits) {
            List<byte[]> wired = new ArrayList<>();
            splits.forEach(split -> wired.add(WireForm.of(split)));
            Attempt attempt = attempts[subtask];
            attempt.orders.add(
                    () -> {
                        List<TableSplit> read = new ArrayList<>();
                        wired.forEach(split -> read.add(WireForm.split(split)));
                        attempt.reader.reader().addSplits(read);
                    });
        }

        @Override
        public void event(int subtask, SourceEvent event) {
            Attempt attempt = attempts[subtask];
            attempt.orders.add(() -> attempt.reader.reader().handleSourceEvents(event));
        }
    }
}
