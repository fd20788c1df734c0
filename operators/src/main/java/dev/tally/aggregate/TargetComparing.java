package dev.tally.aggregate;

import dev.tally.view.TargetRow;
import java.util.Map;
import java.util.Set;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What one subtask of the group stage makes of the rows that its targets hold; those of own key
 * groups only. Twice in a submission, each remembered in {@link StageProgress}:
 *
 * <ol>
 *   <li>Before the first row of a view goes out, each row is compared with its group ({@link
 *       GroupBook#compare}): only those that differ are written, and what no group has is emptied.
 *   <li>A write of an earlier submission that did not end in order may land after that: at a group
 *       that this one knows its guard loses, elsewhere nothing is there to refuse it. When no such
 *       write can be under way any more, the rows are read again; one of an earlier submission, of
 *       a view whose rows are all out, has come late, and its group is written anew.
 * </ol>
 *
 * <p>On the task thread.
 */
final class TargetComparing {

    private static final Logger LOG = LoggerFactory.getLogger(TargetComparing.class);

    private final String table;
    private final long submission;
    private final Map<String, ViewRules> rules;
    private final StageProgress progress;
    private final GroupBook book;
    private final StageCounters counters;
    private final TargetReading reading;
    private final int maxParallelism;

    TargetComparing(
            String table,
            long submission,
            Map<String, ViewRules> rules,
            StageProgress progress,
            GroupBook book,
            StageCounters counters,
            TargetReading reading,
            int maxParallelism) {
        this.table = table;
        this.submission = submission;
        this.rules = rules;
        this.progress = progress;
        this.book = book;
        this.counters = counters;
        this.reading = reading;
        this.maxParallelism = maxParallelism;
    }

    /** Views have become ready, or were when the task failed. */
    void compare(Set<String> ready) throws Exception {
        for (String view : ready) {
            if (progress.renews(rules.get(view))) {
                progress.of(view).forgetReconciled();
            }
            if (progress.of(view).allReconciled()) {
                compared(view);
            } else {
                reading.read(rules.get(view), new First());
            }
        }
    }

    private void compared(String view) {
        progress.of(view).reconciled();
        LOG.info("table={} view={} compared with its target, releasing rows", table, view);
    }

    /** No write of an earlier submission is under way any more. */
    void lookAgain() throws Exception {
        for (String view : progress.in(Phase.LIVE)) {
            boolean mayBe = rules.get(view).mayMeetLateWrites(submission);
            if (mayBe && !progress.of(view).allCleared()) {
                reading.read(rules.get(view), new Again());
            }
        }
    }

    /** The view is held again. */
    void drop(String view) throws Exception {
        reading.drop(rules.get(view));
    }

    void stop() {
        reading.stop();
    }

    private int keyGroup(TargetRow row) {
        return KeyGroupRangeAssignment.assignToKeyGroup(row.group(), maxParallelism);
    }

    private final class First implements TargetReading.Reader {

        @Override
        public void row(ViewRules view, TargetRow row) {
            int keyGroup = keyGroup(row);
            ViewProgress viewProgress = progress.of(view.spec().name());
            if (!progress.owns(keyGroup) || viewProgress.isReconciled(keyGroup)) {
                return;
            }
            if (!row.guarded() && !view.adopts()) {
                throw refused(view, row);
            }
            counters.compared(book.compare(view, row));
        }

        private SuppressRestartsException refused(ViewRules view, TargetRow row) {
            return new SuppressRestartsException(
                    new IllegalStateException(
                            "cannot write view "
                                    + view.spec().name()
                                    + " to table "
                                    + view.spec().to().table()
                                    + ": it holds rows with the view's attributes that Tally did"
                                    + " not write ("
                                    + row.group()
                                    + " is one). Set existing-rows: adopt to take them over, or"
                                    + " remove them."));
        }

        @Override
        public void end(ViewRules view) {
            compared(view.spec().name());
        }
    }

    private final class Again implements TargetReading.Reader {
        private long late;

        @Override
        public void row(ViewRules view, TargetRow row) {
            if (progress.owns(keyGroup(row)) && view.isOfAnother(row, submission)) {
                late++;
                counters.lateRows.inc();
                book.writeAnew(row.group());
            }
        }

        @Override
        public void end(ViewRules view) {
            String name = view.spec().name();
            progress.of(name).cleared();
            LOG.info("table={} view={} looked again: {} rows had come late", table, name, late);
        }
    }
}
