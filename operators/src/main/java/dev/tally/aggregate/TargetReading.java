package dev.tally.aggregate;

import dev.tally.item.Item;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One reading of all rows of the target tables of a stage's views, page by page, one page under way
 * at a time. Pages are asked for on the task thread and come back to it through the mailbox, so
 * that contributions and barriers go on meanwhile; a page that fails, fails the task. Not
 * checkpointed: after a failure the reading starts again.
 */
final class TargetReading {

    private static final Logger LOG = LoggerFactory.getLogger(TargetReading.class);

    /** Takes what is read, on the task thread. */
    interface Reader {
        void row(ViewRules view, TargetRow row) throws Exception;

        void end() throws Exception;
    }

    private final TargetRows targets;
    private final MailboxExecutor mailbox;
    private final Reader reader;
    private final Deque<ViewRules> views = new ArrayDeque<>();
    private boolean stopped;

    TargetReading(
            TargetRows targets,
            Collection<ViewRules> views,
            MailboxExecutor mailbox,
            Reader reader) {
        this.targets = targets;
        this.mailbox = mailbox;
        this.reader = reader;
        for (ViewRules view : views) {
            if (view.hasTable()) {
                this.views.add(view);
            }
        }
    }

    void start() throws Exception {
        if (targets == null || views.isEmpty()) {
            reader.end();
        } else {
            read(views.peek(), null);
        }
    }

    /** Pages that are still under way are dropped. */
    void stop() {
        stopped = true;
    }

    private void read(ViewRules view, Item after) {
        CompletableFuture<TargetRows.Page> page = targets.read(view.spec(), after);
        page.whenComplete((rows, failure) -> comeBack(view, rows, failure));
    }

    /** On whatever thread completes the future. */
    private void comeBack(ViewRules view, TargetRows.Page page, Throwable failure) {
        String what = "rows of the target of view " + view.spec().name();
        try {
            mailbox.execute(() -> take(view, page, failure), what);
        } catch (RejectedExecutionException e) {
            LOG.debug("the task has ended; dropped {}", what);
        }
    }

    private void take(ViewRules view, TargetRows.Page page, Throwable failure) throws Exception {
        if (stopped) {
            return;
        }
        if (failure != null) {
            throw new IllegalStateException(
                    "cannot compare view "
                            + view.spec().name()
                            + " with its target table "
                            + view.spec().to().table()
                            + ": its rows could not be read. The cause below says what to mend.",
                    failure);
        }
        for (TargetRow row : page.rows()) {
            reader.row(view, row);
        }
        if (page.next() != null) {
            read(view, page.next());
            return;
        }
        views.remove();
        if (views.isEmpty()) {
            reader.end();
        } else {
            read(views.peek(), null);
        }
    }
}
