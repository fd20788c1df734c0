package dev.tally.sink;

import dev.tally.view.Progress;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Tells the status table what a table's source knows, for each of the table's views. Called on the
 * coordinator's thread of the source.
 */
final class StatusProgress implements Progress {

    private static final long serialVersionUID = 1L;

    private final StatusTable status;
    private final ArrayList<ViewSpec> views;
    private final long submission;
    private transient Set<String> taken;

    StatusProgress(StatusTable status, List<ViewSpec> views, long submission) {
        this.status = status;
        this.views = new ArrayList<>(views);
        this.submission = submission;
    }

    @Override
    public CompletableFuture<Boolean> report(Report report) {
        if (taken == null) {
            taken = new HashSet<>();
        }
        CompletableFuture<Boolean> newest = CompletableFuture.completedFuture(true);
        for (ViewSpec view : views) {
            boolean first = taken.add(view.name());
            newest =
                    newest.thenCombine(
                            status.report(view, submission, report, first), Boolean::logicalAnd);
        }
        return newest;
    }

    @Override
    public void close() {
        status.close();
    }
}
