package dev.tally.simulation;

import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * A subtask of the row sink, by its rules: a committed row may be written once its checkpoint has
 * completed, an eager one at once; the newest of a group only, one attempt at a time. What it has
 * not written is in its state. A request that is under way arrives, whatever becomes of the task.
 */
final class SimulatedSink {

    /** Requests under way, of this task and of those before it. */
    static final class Requests {
        private final SimulatedTargets targets;
        private final List<Runnable> underWay = new ArrayList<>();

        /** Of submissions that are replaced. */
        private final List<Runnable> late = new ArrayList<>();

        /** When none of those is under way any more; 0 if none ever was. */
        private long lateUntil;

        private final Random lateness;

        /**
         * @param lateness when requests of a replaced submission arrive; null: never late
         */
        Requests(SimulatedTargets targets, Random lateness) {
            this.targets = targets;
            this.lateness = lateness;
        }

        /** Lets any request arrive, so that requests overtake each other; false without one. */
        boolean arrive(Random random) {
            if (underWay.isEmpty()) {
                return false;
            }
            underWay.remove(random.nextInt(underWay.size())).run();
            return true;
        }

        /** What is under way is written or lost when the next submission starts, or late. */
        void endOfSubmission(long now, Random random) {
            if (lateness == null) {
                while (random.nextInt(4) > 0 && arrive(random)) {
                    // the request is the work
                }
            } else {
                late.addAll(underWay);
                lateUntil = now + 1 + lateness.nextInt(20_000);
            }
            underWay.clear();
        }

        /** Late ones may arrive, or can no more. */
        void time(long now) {
            while (!late.isEmpty() && now < lateUntil && lateness.nextInt(4) == 0) {
                late.remove(lateness.nextInt(late.size())).run();
            }
            if (now >= lateUntil) {
                late.clear();
            }
        }

        long lateUntil() {
            return lateUntil;
        }
    }

    private final Requests requests;
    private final long submission;
    private final List<Row> awaiting = new ArrayList<>();
    private final Map<GroupKey, Row> writable = new LinkedHashMap<>();
    private final Map<GroupKey, Row> attempts = new LinkedHashMap<>();

    /**
     * @param restored rows of a checkpoint that has completed
     */
    SimulatedSink(Requests requests, long submission, List<Row> restored) {
        this.requests = requests;
        this.submission = submission;
        restored.forEach(this::mayBeWritten);
    }

    void take(Row row) {
        if (row.eager()) {
            mayBeWritten(row);
        } else {
            awaiting.add(row);
        }
    }

    private void mayBeWritten(Row row) {
        writable.merge(row.group(), row, (a, b) -> isNewer(b, a) ? b : a);
    }

    private static boolean isNewer(Row row, Row than) {
        return row.checkpoint() != than.checkpoint()
                ? row.checkpoint() > than.checkpoint()
                : row.counter() > than.counter();
    }

    void completed(long checkpoint) {
        for (Row row : awaiting) {
            if (row.checkpoint() <= checkpoint) {
                mayBeWritten(row);
            }
        }
        awaiting.removeIf(row -> row.checkpoint() <= checkpoint);
    }

    /** What is not known to be written. */
    List<Row> snapshot() {
        List<Row> rows = new ArrayList<>(awaiting);
        rows.addAll(writable.values());
        rows.addAll(attempts.values());
        return rows;
    }

    /** Sends a row; false if there is none to be sent. */
    boolean send() {
        for (Row row : writable.values()) {
            if (!attempts.containsKey(row.group())) {
                writable.remove(row.group());
                attempts.put(row.group(), row);
                requests.underWay.add(
                        () -> {
                            requests.targets.write(submission, row);
                            attempts.remove(row.group(), row);
                        });
                return true;
            }
        }
        return false;
    }
}
