package dev.tally.source.enumerator;

import dev.tally.source.SupersededException;
import dev.tally.view.Progress;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * Keeps what was true when a checkpoint began, until it has completed; then tells {@link Progress},
 * and learns from it whether somebody else has taken over.
 */
final class CheckpointReports {

    /** Checkpoints that began and neither completed nor were overtaken by one that did. */
    private static final int PENDING_MAX = 100;

    private final Progress progress;
    private final SplitEnumeratorContext<?> context;
    private final String table;
    private final long submission;
    private final TreeMap<Long, Progress.Report> pending = new TreeMap<>();

    /**
     * @param progress null: nobody is told
     */
    CheckpointReports(
            Progress progress, SplitEnumeratorContext<?> context, String table, long submission) {
        this.progress = progress;
        this.context = context;
        this.table = table;
        this.submission = submission;
    }

    void checkpointBegins(Progress.Report report) {
        pending.put(report.checkpoint(), report);
        if (pending.size() > PENDING_MAX) {
            pending.pollFirstEntry();
        }
    }

    void checkpointCompleted(long checkpoint) {
        Progress.Report report = pending.get(checkpoint);
        pending.headMap(checkpoint, true).clear();
        if (report == null || progress == null) {
            return;
        }
        progress.report(report)
                .whenComplete(
                        (newest, e) -> {
                            if (Boolean.FALSE.equals(newest)) {
                                context.runInCoordinatorThread(this::stop);
                            }
                        });
    }

    private void stop() {
        throw new SuppressRestartsException(
                new SupersededException(
                        "cannot go on with submission "
                                + submission
                                + " of table "
                                + table
                                + ": a newer submission has taken over its views. This job stops;"
                                + " leave the newer one running."));
    }

    void close() {
        if (progress != null) {
            progress.close();
        }
    }
}
