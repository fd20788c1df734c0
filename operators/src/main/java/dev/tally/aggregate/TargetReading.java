package dev.tally.aggregate;

import dev.tally.item.Item;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import org.apache.flink.api.common.operators.MailboxExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads all rows of the target tables of views, one view after the other, page by page, one page
 * under way at a time. Pages are asked for on the task thread and come back to it through the
 * mailbox, so that contributions and barriers go on meanwhile; a page that fails, fails the task.
 * Not checkpointed: after a failure the reading starts again.
 */
final class TargetReading {

    private static final Logger LOG = LoggerFactory.getLogger(TargetReading.class);

    /** Takes what is read, on the task thread. */
    interface Reader {
        void row(ViewRules view, TargetRow row) throws Exception;

        /** All rows of the view have been read. */
        void end(ViewRules view) throws Exception;
    }

    private final TargetRows targets;
    private final MailboxExecutor mailbox;
    private final Reader reader;

    /** The first one is being read. */
    private final Deque<ViewRules> views = new ArrayDeque<>();

    /** Which reading a page belongs to: pages of one that was dropped are not taken. */
    private long reading;

    /**
     * @param targets null: there is nothing to read
     */
    TargetReading(TargetRows targets, MailboxExecutor mailbox, Reader reader) {
        this.targets = targets;
        this.mailbox = mailbox;
        this.reader = reader;
    }

    void read(ViewRules view) throws Exception {
        views.add(view);
        if (views.size() == 1) {
            first();
        }
    }

    /** What is read of the view from now on is not wanted. */
    void drop(ViewRules view) throws Exception {
        boolean underWay = view.equals(views.peek());
        views.remove(view);
        if (underWay) {
            first();
        }
    }

    void stop() {
        views.clear();
        reading++;
    }

    private void first() throws Exception {
        reading++;
        ViewRules view = views.peek();
        if (view != null && (targets == null || !view.hasTable())) {
            end(view);
        } else if (view != null) {
            page(view, null);
        }
    }

    private void end(ViewRules view) throws Exception {
        views.remove();
        reader.end(view);
        first();
    }

    private void page(ViewRules view, Item after) {
        long of = reading;
        CompletableFuture<TargetRows.Page> page = targets.read(view.spec(), after);
        page.whenComplete((rows, failure) -> comeBack(of, view, rows, failure));
    }

    /** On whatever thread completes the future. */
    private void comeBack(long of, ViewRules view, TargetRows.Page page, Throwable failure) {
        String what = "rows of the target of view " + view.spec().name();
        try {
            mailbox.execute(() -> take(of, view, page, failure), what);
        } catch (RejectedExecutionException e) {
            LOG.debug("the task has ended; dropped {}", what);
        }
    }

    private void take(long of, ViewRules view, TargetRows.Page page, Throwable failure)
            throws Exception {
        if (of != reading) {
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
        if (page.next() == null) {
            end(view);
        } else {
            page(view, page.next());
        }
    }
}
