package dev.tally.source;

import dev.tally.source.client.ClientException.Kind;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.simulated.Faults;
import dev.tally.source.simulated.Faults.Call;
import dev.tally.source.simulated.Faults.Fault;
import dev.tally.source.simulated.SimulatedTable;
import dev.tally.source.simulated.VirtualClock;
import dev.tally.source.simulated.Workload;
import dev.tally.view.TableSpec;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Goal: whatever is lost, with {@code on-gap: resnapshot} the source finds out, says nothing is
 * ready that is not, and ends with what the table has, vanished items gone.
 *
 * <p>Method: as {@link SourceSimulationTest}, with hours in which the job is down, cut off from the
 * stream, or throttled while shards roll over and expire; streams switched off, on, and off again;
 * tables made anew or restored from a backup under another name; views added, changed and removed;
 * readings asked for. The stage behind the source is the truth table of the item stage ({@link
 * HealingStage}).
 *
 * <p>It cannot catch what {@link SourceSimulationTest} cannot, nor what views make of it.
 */
class HealingSimulationTest {

    private static final Duration STEP = Duration.ofMillis(20);

    @Test
    void endsWithWhatTheTableHas() {
        long first = Long.getLong("tally.seed", 1);
        int seeds =
                Long.getLong("tally.seed") == null
                        ? Math.max(1, Integer.getInteger("tally.seeds", 200) / 4)
                        : 1;
        for (long seed = first; seed < first + seeds; seed++) {
            try {
                new History(seed).run();
            } catch (Throwable e) {
                throw new AssertionError(
                        "history with seed " + seed + " failed: " + e.getMessage(), e);
            }
        }
    }

    private static final class History {
        private final Random random;
        private final VirtualClock time = new VirtualClock(1_700_000_000_000L);
        private final SimulatedTable table;
        private final Faults faults;
        private final Ledger ledger;
        private final Workload workload;
        private final HealingStage stage;
        private final TreeMap<String, String> views = new TreeMap<>(Map.of("v", "by list"));
        private SimulatedJob job;

        History(long seed) {
            random = new Random(seed);
            ViewType images = ViewType.NEW_AND_OLD_IMAGES;
            int partitions = 1 + random.nextInt(3);
            table =
                    new SimulatedTable(
                            "todoListTask", Workload.KEY, images, partitions, seed, time);
            faults = new Faults(seed).shardsPerPage(1 + random.nextInt(5));
            ledger = new Ledger(table);
            workload = new Workload(seed, 40, 8);
            stage = new HealingStage(ledger);
        }

        void run() {
            hours(random.nextInt(30));
            boolean faulty = random.nextBoolean();
            for (Fault fault : Fault.values()) {
                faults.with(fault, faulty ? random.nextDouble() * 0.03 : 0);
            }
            job =
                    new SimulatedJob(
                            random, time, table, faults, spec(), options(), stage, parallelism());
            untilPinned();
            for (int episode = 0; episode < 4; episode++) {
                steps(200 + random.nextInt(800));
                trouble();
            }
            faults.heal();
            untilQuiet();
        }

        /** Nobody makes a first start with a stream that is off: that is refused. */
        private void untilPinned() {
            while (!job.hasCheckpoint() || job.shardsInState() == 0) {
                time.advance(STEP);
                job.tick();
                job.settle();
                job.checkpoint();
                job.settle();
            }
        }

        private int parallelism() {
            return 1 + random.nextInt(3);
        }

        private TableSpec spec() {
            return new TableSpec(
                    "tasks",
                    table.name(),
                    null,
                    null,
                    TableSpec.Start.SNAPSHOT,
                    TableSpec.OnGap.RESNAPSHOT,
                    TableSpec.Reader.TALLY,
                    0);
        }

        private SourceOptions options() {
            return SourceOptions.defaults()
                    .withSegments(random.nextInt(4))
                    .withPages(1 + random.nextInt(20), 1 + random.nextInt(20))
                    .withResnapshot(random.nextInt(4) == 0)
                    .withIntervals(
                            Duration.ofSeconds(1 + random.nextInt(30)),
                            Duration.ofMillis(10 + random.nextInt(500)));
        }

        private void write() {
            ledger.apply(workload.next(), time.getAsLong());
        }

        /** The job does nothing meanwhile. */
        private void hours(int hours) {
            boolean idle = random.nextInt(4) == 0;
            for (int hour = 0; hour < hours; hour++) {
                for (int i = 0; !idle && i < random.nextInt(6); i++) {
                    write();
                }
                time.advance(Duration.ofMinutes(60));
                table.shardIds();
            }
        }

        private void steps(int steps) {
            for (int i = 0; i < steps; i++) {
                int dice = random.nextInt(1000);
                if (dice < 40) {
                    write();
                } else if (dice < 240) {
                    time.advance(Duration.ofMillis(random.nextInt(200)));
                    job.tick();
                } else if (dice < 260) {
                    job.checkpoint();
                } else if (dice < 263) {
                    table.rollOver(random.nextInt(table.partitions()));
                } else if (dice < 264 && table.partitions() < 6) {
                    table.split(random.nextInt(table.partitions()));
                } else if (dice < 267) {
                    job.failRegion();
                } else if (dice < 269) {
                    job.failAll();
                } else {
                    for (int s = 0; s < 8; s++) {
                        job.step();
                    }
                }
            }
        }

        private void trouble() {
            switch (random.nextInt(8)) {
                case 0:
                    resubmit(() -> hours(random.nextInt(60)));
                    break;
                case 1:
                    cutOff();
                    break;
                case 2:
                    table.disableStream();
                    write();
                    maybe(() -> steps(300));
                    switchOn();
                    break;
                case 3:
                    resubmit(
                            () -> {
                                table.disableStream();
                                hours(random.nextInt(30));
                                maybe(this::switchOn);
                            });
                    steps(random.nextInt(300));
                    switchOn();
                    break;
                case 4:
                    maybe(() -> resubmit(this::recreate), this::recreate);
                    break;
                case 5:
                    resubmit(this::restoreBackup);
                    break;
                case 6:
                    changeViews();
                    resubmit(() -> hours(random.nextInt(3)));
                    maybe(() -> steps(400));
                    changeViews();
                    resubmit(() -> hours(random.nextInt(2)));
                    break;
                default:
                    hours(random.nextInt(40));
                    job.failAll();
            }
        }

        private void maybe(Runnable what) {
            maybe(what, () -> {});
        }

        private void maybe(Runnable what, Runnable other) {
            (random.nextBoolean() ? what : other).run();
        }

        private void switchOn() {
            if (!table.streaming()) {
                table.enableStream(ViewType.NEW_AND_OLD_IMAGES);
            }
        }

        private void recreate() {
            table.recreate();
            ledger.replaced(time.getAsLong());
            write();
        }

        private void restoreBackup() {
            hours(random.nextInt(20));
            table.restoreBackup("todoListTask-" + random.nextInt(100), table.items());
            hours(random.nextInt(3));
        }

        private void changeViews() {
            if (random.nextBoolean()) {
                views.put("w" + random.nextInt(2), "by " + random.nextInt(3));
            } else {
                views.remove("w" + random.nextInt(2));
            }
        }

        /** The stream gives nothing for a long time while the job goes on. */
        private void cutOff() {
            faults.failAll(Call.GET_RECORDS, Kind.THROTTLED);
            int hours = random.nextInt(50);
            for (int hour = 0; hour < hours; hour++) {
                for (int i = 0; i < random.nextInt(4); i++) {
                    write();
                }
                time.advance(Duration.ofHours(1));
                job.tick();
                for (int s = 0; s < 40; s++) {
                    job.step();
                }
                maybe(job::checkpoint);
            }
            faults.heal();
        }

        private void resubmit(Runnable meanwhile) {
            int parallelism = parallelism();
            job.resubmit(
                    parallelism,
                    this::spec,
                    options(),
                    views,
                    () -> {
                        meanwhile.run();
                        stage.submitted(time.getAsLong());
                    });
        }

        private void untilQuiet() {
            switchOn();
            int rounds = 0;
            int restless = random.nextInt(300);
            while (rounds < restless || stage.ready() == 0 || stage.difference() != null) {
                if (++rounds > 20_000) {
                    throw new AssertionError(
                            "not ready and equal: "
                                    + stage.ready()
                                    + ", "
                                    + stage.difference()
                                    + ", "
                                    + job.context().metrics());
                }
                time.advance(STEP);
                job.tick();
                job.settle();
                if (rounds % 20 == 0) {
                    job.checkpoint();
                }
                if (rounds < restless && random.nextInt(25) == 0) {
                    job.failRegion();
                }
            }
        }
    }
}
