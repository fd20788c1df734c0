package dev.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.chaos.Kill.Phase;
import dev.tally.chaos.Kill.Victim;
import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Goal: whatever process of a real cluster dies, in whatever phase, no row is ever wrong for good
 * and none goes back. Method: real processes, {@code kill -9} and SIGSTOP, foreign clients that
 * write all the time. It cannot show what happens when DynamoDB itself fails, nor orders of events
 * that need a seed: those are simulated.
 */
class ClusterKillsITCase {

    /** Set by the profile "chaos". */
    private static final boolean LONG = Boolean.getBoolean("tally.chaos");

    private static final int OPERATIONS = Integer.getInteger("tally.operations", 50_000);
    private static final int LISTS = 300;

    @Test
    void killedProcessesLeaveNoTrace() throws Exception {
        if (LONG) {
            twentyKillsAndAZombie();
        } else {
            aTaskManagerAndAJobManager();
        }
    }

    private static void aTaskManagerAndAJobManager() throws Exception {
        try (World world = new World(folder("kills"), LISTS)) {
            world.traffic().fill(200);
            world.start("");
            world.awaitReady();
            world.traffic().start();
            world.killer().kill(Phase.COMMIT, Victim.TASK_MANAGER);
            world.killer().kill(Phase.BARRIER, Victim.JOB_MANAGER);
            System.out.println("kills: " + world.assertAllHolds());
            world.assertHoldsRestoredAt(RealCluster.PARALLELISM + 1);
        }
    }

    private static void twentyKillsAndAZombie() throws Exception {
        try (World world = new World(folder("chaos"), LISTS)) {
            Killer killer = world.killer();
            world.traffic().fill(4_000);
            world.start(", scan: { read-capacity: 1 }");
            await().atMost(Duration.ofMinutes(3)).until(killer::scans);
            world.traffic().start();
            killer.kill(Phase.SCAN, Victim.TASK_MANAGER);
            killer.kill(Phase.SCAN, Victim.JOB_MANAGER);
            killer.kill(Phase.SCAN, Victim.TASK_MANAGER);
            world.awaitReady();
            killer.kill(Phase.STREAM, Victim.JOB_MANAGER);
            for (Victim victim :
                    List.of(
                            Victim.TASK_MANAGER,
                            Victim.JOB_MANAGER,
                            Victim.TASK_MANAGER,
                            Victim.JOB_MANAGER)) {
                hit(killer, Phase.RECOVERY, victim);
                hit(killer, Phase.BARRIER, victim);
                hit(killer, Phase.COMMIT, victim);
            }
            killer.halt(Duration.ofSeconds(30));
            await().atMost(Duration.ofMinutes(30))
                    .pollInterval(Duration.ofSeconds(1))
                    .until(() -> world.traffic().operations() >= OPERATIONS);
            System.out.println("chaos: " + figures(killer.kills()) + world.assertAllHolds());
            assertEnough(killer);
        }
    }

    /** Stays behind: what the processes have said is the only trace of a failure. */
    private static Path folder(String name) throws IOException {
        Path parent = SourceTree.root().resolve("job/target/chaos");
        return Files.createTempDirectory(Files.createDirectories(parent), name + "-");
    }

    /** Again and again until the phase was really hit. */
    private static void hit(Killer killer, Phase phase, Victim victim) throws Exception {
        long before = killer.count(phase);
        while (killer.count(phase) == before) {
            killer.kill(phase, victim);
        }
    }

    private static void assertEnough(Killer killer) {
        assertThat(killer.kills()).hasSizeGreaterThanOrEqualTo(20);
        for (Phase phase : Phase.values()) {
            assertThat(killer.count(phase)).as(phase.toString()).isGreaterThanOrEqualTo(3);
        }
        assertThat(ofJobManager(killer.kills())).isGreaterThanOrEqualTo(5);
    }

    private static long ofJobManager(List<Kill> kills) {
        return kills.stream().filter(kill -> kill.victim() == Victim.JOB_MANAGER).count();
    }

    private static String figures(List<Kill> kills) {
        List<String> phases = new ArrayList<>();
        for (Phase phase : Phase.values()) {
            phases.add(phase + " " + kills.stream().filter(k -> k.phase() == phase).count());
        }
        List<Long> millis = new ArrayList<>();
        for (Kill kill : kills) {
            if (kill.recovery() != null) {
                millis.add(kill.recovery().toMillis());
            }
        }
        millis.sort(null);
        return String.format(
                "%d kills (%s), %d of the leading JobManager, one TaskManager halted for 30 s, back"
                        + " after %.1f s (median; %.1f to %.1f), ",
                kills.size(),
                String.join(", ", phases),
                ofJobManager(kills),
                millis.get(millis.size() / 2) / 1000.0,
                millis.get(0) / 1000.0,
                millis.get(millis.size() - 1) / 1000.0);
    }
}
