package dev.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.chaos.Kill.Phase;
import dev.tally.chaos.Kill.Victim;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.sink.StatusTable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.awaitility.core.ConditionFactory;

/**
 * Kills processes of a cluster in chosen phases of its job. A kill counts for the phase that the
 * job can be shown to have been in: what came too late for its phase is said to have hit the
 * stream.
 */
final class Killer {

    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final Duration POLL = Duration.ofMillis(5);

    private final RealCluster cluster;
    private final LeaderRest rest;
    private final RowWatch rows;
    private final StatusTable status;
    private final String view;
    private final List<Kill> kills = new ArrayList<>();

    Killer(RealCluster cluster, RowWatch rows, StatusTable status, String view) {
        this.cluster = cluster;
        this.rest = cluster.rest();
        this.rows = rows;
        this.status = status;
        this.view = view;
    }

    List<Kill> kills() {
        return kills;
    }

    long count(Phase phase) {
        return kills.stream().filter(kill -> kill.phase() == phase).count();
    }

    /**
     * Kills in this phase as soon as it comes, replaces what was killed, and waits for recovery.
     */
    void kill(Phase phase, Victim victim) throws Exception {
        switch (phase) {
            case SCAN:
                assertThat(scans()).as("the scan goes on").isTrue();
                recovered(Phase.SCAN, victim, now(victim));
                break;
            case STREAM:
                until(() -> rest.allRun() && rest.checkpointInFlight() == 0);
                recovered(Phase.STREAM, victim, now(victim));
                break;
            case BARRIER:
                barrier(victim);
                break;
            case COMMIT:
                commit(victim);
                break;
            default:
                recovery(victim);
        }
    }

    /** A TaskManager that does not move cannot take part in the checkpoint: it stays in flight. */
    private void barrier(Victim victim) throws Exception {
        Jvm halted = cluster.busyTaskManager();
        halted.halt();
        long checkpoint;
        Instant killed;
        try {
            checkpoint = until(rest::checkpointInFlight, id -> id != 0);
            killed = victim == Victim.TASK_MANAGER ? killed(halted) : now(victim);
        } finally {
            if (halted.lives()) {
                halted.goOn();
            }
        }
        awaitRecovery(killed);
        boolean hit = !rest.hasCompleted(checkpoint);
        recovered(hit ? Phase.BARRIER : Phase.STREAM, victim, killed);
    }

    /** Rows of a checkpoint that were still to come when the first ones had been seen. */
    private void commit(Victim victim) throws Exception {
        Jvm chosen = victim == Victim.TASK_MANAGER ? cluster.busyTaskManager() : cluster.leader();
        long before = rows.newestCheckpoint();
        long checkpoint = until(rows::newestCheckpoint, newest -> newest > before);
        Instant killed = killed(chosen);
        int written = rows.rowsFrom(checkpoint);
        awaitRecovery(killed);
        boolean hit = written < rows.rowsFrom(checkpoint);
        recovered(hit ? Phase.COMMIT : Phase.STREAM, victim, killed);
    }

    private void recovery(Victim second) throws Exception {
        until(() -> rest.allRun() && rest.checkpointInFlight() == 0);
        now(Victim.TASK_MANAGER);
        kills.add(new Kill(Phase.STREAM, Victim.TASK_MANAGER, null));
        until(() -> !rest.allRun());
        recovered(Phase.RECOVERY, second, now(second));
    }

    /**
     * Halts a TaskManager that is writing rows until the job has long been back without it, and
     * lets it go on.
     */
    void halt(Duration time) throws Exception {
        Jvm zombie = cluster.busyTaskManager();
        long before = rows.newestCheckpoint();
        until(rows::newestCheckpoint, newest -> newest > before);
        zombie.halt();
        Instant halted = Instant.now();
        try {
            awaitRecovery(halted);
            until(() -> Instant.now().isAfter(halted.plus(time)));
        } finally {
            zombie.goOn();
        }
        awaitRecovery(Instant.now().plusSeconds(3));
    }

    private Instant now(Victim victim) {
        return killed(victim == Victim.TASK_MANAGER ? cluster.busyTaskManager() : cluster.leader());
    }

    private static Instant killed(Jvm chosen) {
        Instant now = Instant.now();
        chosen.kill();
        return now;
    }

    private void recovered(Phase phase, Victim victim, Instant killed) throws Exception {
        cluster.startMissing();
        Kill kill = new Kill(phase, victim, Duration.between(killed, awaitRecovery(killed)));
        kills.add(kill);
        System.out.println("killed " + kill);
        until(() -> rest.taskManagers() >= RealCluster.TASK_MANAGERS);
    }

    /**
     * @return when a checkpoint that began after the kill had completed
     */
    private Instant awaitRecovery(Instant killed) {
        until(() -> rest.lastCompletedBegan() > killed.toEpochMilli());
        return Instant.now();
    }

    boolean scans() {
        Item row = status.read(view);
        Value percent = row == null ? null : row.get("Percent");
        return percent != null
                && row.get("State").asText().equals("building")
                && percent.asNumber().intValueExact() < 100;
    }

    private void until(Callable<Boolean> condition) {
        waiting().until(condition);
    }

    private long until(Callable<Long> number, java.util.function.LongPredicate fits) {
        return waiting().until(number, fits::test);
    }

    private static ConditionFactory waiting() {
        return await().atMost(LIMIT).pollDelay(Duration.ZERO).pollInterval(POLL);
    }
}
