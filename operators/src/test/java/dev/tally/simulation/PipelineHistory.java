package dev.tally.simulation;

import dev.tally.diff.Diffs;
import dev.tally.item.Item;
import dev.tally.source.GapException;
import dev.tally.source.SourceOptions;
import dev.tally.source.TableUnusableException;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.Faults.Fault;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.VirtualClock;
import dev.tally.view.Membership;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One table's life, and that of the pipeline that counts it; all from one seed. */
final class PipelineHistory {

    private static final Duration ROUND = Duration.ofMillis(200);

    /** Twice as long as a missing parent of a shard is waited for. */
    private static final int QUIET_ROUNDS_MAX = 6_000;

    private final Random random;
    private final VirtualClock time = new VirtualClock(1_700_000_000_000L);
    private final ViewType viewType;
    private final SimulatedTable table;
    private final int skew;
    private final Faults faults;
    private final ItemHistory items;
    private final SimulatedTargets targets;
    private final SimulatedPipeline pipeline;
    private final Trouble trouble;

    /** What a history has more of than others. */
    private enum Focus {
        NOTHING,
        BURSTS,
        FAILURES,
        LOSSES,
        DELETES,
        SKEW
    }

    private final Focus focus;
    private int dice;

    /** Whether lost records are healed, and may be lost. */
    private final boolean heals;

    private final double scanCapacity;

    /** What the last start was told to keep. */
    private List<Membership> views = SimulatedViews.all();

    /** Writes in a thousand deeds: where they are few, what went wrong is not soon written over. */
    private final int writes;

    /** Starts without state, because a lying listing ended the job by name. */
    private int afresh;

    private final Oracles oracles;
    private long failures;

    PipelineHistory(long seed) throws Exception {
        random = new Random(seed * 7_919 + 13);
        focus = Focus.values()[random.nextInt(Focus.values().length)];
        viewType = seed % 2 == 0 ? ViewType.NEW_AND_OLD_IMAGES : ViewType.NEW_IMAGE;
        table =
                new SimulatedTable(
                        "todoListTask",
                        SimulatedViews.KEY,
                        viewType,
                        1 + random.nextInt(3),
                        seed,
                        time);
        boolean skewed = focus == Focus.SKEW;
        skew = skewed ? 1 + random.nextInt(300_000) : random.nextInt(3) * random.nextInt(1_500);
        table.skewClocks(skew);
        faults = new Faults(seed).shardsPerPage(1 + random.nextInt(5));
        items = new ItemHistory(table, focus == Focus.DELETES ? 7 : 3);
        trouble = new Trouble(random, time, table, items);
        heals = random.nextInt(4) > 0;
        targets = new SimulatedTargets(SimulatedViews.all());
        oracles = new Oracles(items, targets, () -> views);
        writes = random.nextBoolean() ? 80 : random.nextInt(20);
        past();
        setFaults();
        scanCapacity = random.nextBoolean() ? 0 : 20;
        Diffs diffs = Diffs.values()[random.nextInt(Diffs.values().length)];
        pipeline =
                new SimulatedPipeline(
                        random,
                        time,
                        table,
                        faults,
                        new Stages.Plan(
                                targets,
                                seed % 7 > 4 ? new Random(seed) : null,
                                viewType == ViewType.NEW_IMAGE,
                                diffs,
                                oracles::row),
                        oracles::completed,
                        start(false));
    }

    /**
     * @param again whether there was one before: only then it can be asked for more
     */
    private Start start(boolean again) {
        TableSpec spec =
                new TableSpec(
                        "tasks",
                        table.name(),
                        null,
                        null,
                        TableSpec.Start.SNAPSHOT,
                        heals ? TableSpec.OnGap.RESNAPSHOT : TableSpec.OnGap.FAIL,
                        TableSpec.Reader.TALLY,
                        scanCapacity);
        boolean replay = again && random.nextInt(6) == 0;
        SourceOptions options =
                SourceOptions.defaults()
                        .withSegments(random.nextInt(6))
                        .withPages(1 + random.nextInt(20), 1 + random.nextInt(8))
                        .withResnapshot(again && random.nextInt(8) == 0)
                        .withReplay(replay)
                        .withIntervals(
                                Duration.ofSeconds(1 + random.nextInt(30)),
                                Duration.ofMillis(10 + random.nextInt(500)));
        if (replay) {
            items.showFrom(Long.MIN_VALUE);
        } else {
            showFromNow();
        }
        return new Start(spec, options, views, 1 + random.nextInt(3));
    }

    /** Writes before the job: some trimmed by now, some before the fence, some after. */
    private void past() {
        int writes = 40 + random.nextInt(60);
        for (int i = 0; i < writes; i++) {
            items.write(random, time.getAsLong());
            boolean longAgo = i < writes / 3;
            time.advance(Duration.ofSeconds(random.nextInt(longAgo ? 7_200 : 40)));
            if (random.nextInt(20) == 0) {
                table.rollOver();
            }
            if (random.nextInt(40) == 0) {
                table.split(random.nextInt(table.partitions()));
            }
        }
    }

    private void setFaults() {
        if (random.nextInt(4) == 0) {
            return;
        }
        for (Fault fault : Fault.values()) {
            faults.with(fault, random.nextInt(3) == 0 ? 0 : random.nextDouble() * 0.04);
        }
        faults.listingDelay(random.nextInt(2000));
    }

    /** What was written before now must be in the first row of the submission. */
    private void showFromNow() {
        long now = time.getAsLong() - 2 * skew;
        items.showFrom(now - now % 1000);
    }

    /** Runs it; throws what is wrong. */
    void run() throws Exception {
        for (int acts = 1 + random.nextInt(2); acts > 0; acts--) {
            int steps = 250 + random.nextInt(500);
            for (int i = 0; i < steps; i++) {
                guarded(this::something);
                oracles.requireGuardsGrow();
            }
            untilQuiet();
        }
    }

    int afresh() {
        return afresh;
    }

    long operations() {
        return items.writes();
    }

    long failures() {
        return failures;
    }

    long rows() {
        return oracles.rows();
    }

    /** Something that the pipeline does or suffers. */
    private interface Deed {
        void happen() throws Exception;
    }

    /**
     * A lineage that the pin had no trace of ends a job that does not heal, and a stream that is
     * off ends a first start, both by name: somebody starts it anew.
     */
    private void guarded(Deed deed) throws Exception {
        try {
            deed.happen();
        } catch (RuntimeException e) {
            Throwable cause = e.getCause();
            boolean lost =
                    cause instanceof GapException
                            && cause.getMessage().contains("was listed only after its child");
            boolean off = cause instanceof TableUnusableException && !table.streaming();
            if (!lost && !off) {
                throw e;
            }
            afresh += lost ? 1 : 0;
            trouble.switchOn(viewType);
            showFromNow();
            pipeline.startAfresh();
        }
    }

    private void something() throws Exception {
        dice = random.nextInt(1000);
        if (upTo(writes)) {
            items.write(random, time.getAsLong());
        } else if (upTo(150)) {
            boolean far = random.nextInt(60) == 0;
            time.advance(Duration.ofMillis(random.nextInt(far ? 120_000 : 300)));
            pipeline.tick();
        } else if (upTo(30)) {
            pipeline.checkpoint();
        } else if (upTo(5)) {
            pipeline.giveUpCheckpoint();
        } else if (upTo(focus == Focus.BURSTS ? 20 : 2)) {
            burst();
        } else if (upTo(2)) {
            table.rollOver(random.nextInt(table.partitions()));
        } else if (upTo(2) && table.partitions() < 6) {
            table.split(random.nextInt(table.partitions()));
        } else if (upTo(focus == Focus.FAILURES ? 30 : 4)) {
            failures++;
            pipeline.failRegion();
        } else if (upTo(2)) {
            failures++;
            pipeline.failAll();
        } else if (upTo(2) && pipeline.hasSavepoint()) {
            again(() -> {});
        } else if (upTo(2)) {
            pipeline.checkpoint(true);
        } else if (upTo(1) && pipeline.hasSavepoint()) {
            pipeline.drain();
            pipeline.settle();
            pipeline.checkpoint();
            pipeline.settle();
            again(() -> {});
        } else if (upTo(focus == Focus.LOSSES ? 6 : 1) && heals && pipeline.hasSavepoint()) {
            inTrouble();
        } else {
            for (int i = 0; i < 12; i++) {
                pipeline.step();
            }
        }
    }

    private boolean upTo(int weight) {
        dice -= weight;
        return dice < 0;
    }

    private void inTrouble() throws Exception {
        switch (random.nextInt(9)) {
            case 0:
                again(() -> trouble.hours(50));
                break;
            case 1:
                trouble.hours(40);
                failures++;
                pipeline.failAll();
                break;
            case 2:
                trouble.switchOff();
                break;
            case 3:
                trouble.switchOff();
                again(() -> trouble.hours(30));
                trouble.switchOn(viewType);
                break;
            case 4:
                trouble.recreate();
                break;
            case 5:
                again(trouble::restoreBackup);
                break;
            case 6:
                trouble.cutOff(faults, pipeline);
                break;
            default:
                changeViews();
                again(() -> trouble.hours(2));
        }
    }

    private void again(Runnable meanwhile) throws Exception {
        pipeline.submitAgain(meanwhile, () -> start(true));
    }

    /** Some are left out, some count something else from now on. */
    private void changeViews() {
        List<Membership> all = SimulatedViews.all();
        List<Membership> others = SimulatedViews.others();
        views = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            int dice = random.nextInt(6);
            if (dice > 0 || views.isEmpty() && i == all.size() - 1) {
                views.add(dice == 1 ? others.get(i) : all.get(i));
            }
        }
    }

    /** Much of little: parents end with records that their children go on with. */
    private void burst() {
        for (int i = random.nextInt(4); i >= 0; i--) {
            for (int writes = random.nextInt(15); writes > 0; writes--) {
                items.write(random, time.getAsLong());
            }
            table.rollOver();
        }
    }

    /** Writes pause: before long every row is what a recount gives, and stays so. */
    private void untilQuiet() throws Exception {
        trouble.switchOn(viewType);
        int quiet = 0;
        for (int round = 0; quiet < 3; round++) {
            boolean over = pipeline.isReady() && !pipeline.mayMeetLateWrites();
            boolean right = over && differences().isEmpty();
            if (round > QUIET_ROUNDS_MAX || quiet > 0 && !right) {
                throw new AssertionError(
                        (pipeline.isReady() ? "ready" : "not ready")
                                + " and not equal to a recount "
                                + round
                                + " rounds after the last write: "
                                + differences());
            }
            guarded(
                    () -> {
                        time.advance(ROUND);
                        pipeline.tick();
                        pipeline.settle();
                    });
            oracles.requireGuardsGrow();
            if (round % 4 == 0) {
                guarded(pipeline::checkpoint);
                quiet += right ? 1 : 0;
            }
        }
    }

    private List<String> differences() {
        List<Item> now = table.items();
        return targets.differences(SimulatedViews.recount(views, now));
    }
}
