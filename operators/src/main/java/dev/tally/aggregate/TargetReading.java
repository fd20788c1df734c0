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

    /** Somebody wants all rows of a view. */
    private static final class Order {
        final ViewRules view;
        final Reader reader;

        Order(ViewRules view, Reader reader) {
            this.view = view;
            this.reader = reader;
        }
    }

    private final TargetRows targets;
    private final MailboxExecutor mailbox;

    /** The first one is being read. */
    private final Deque<Order> orders = new ArrayDeque<>();

    /** Which reading a page belongs to: pages of one that was dropped are not taken. */
    private long reading;

    /**
     * @param targets null: there is nothing to read
     */
    TargetReading(TargetRows targets, MailboxExecutor mailbox) {
        this.targets = targets;
        this.mailbox = mailbox;
    }

    /** Once for each view at a time. */
    void read(ViewRules view, Reader reader) throws Exception {
        if (orders.stream().anyMatch(order -> order.view.equals(view))) {
            return;
        }
        orders.add(new Order(view, reader));
        if (orders.size() == 1) {
            first();
        }
    }

    /** What is read of the view from now on is not wanted. */
    void drop(ViewRules view) throws Exception {
        Order underWay = orders.peek();
        orders.removeIf(order -> order.view.equals(view));
        if (orders.peek() != underWay) {
            first();
        }
    }

    void stop() {
        orders.clear();
        reading++;
    }

    private void first() throws Exception {
        reading++;
        Order order = orders.peek();
        if (order != null && (targets == null || !order.view.hasTable())) {
            end(order);
        } else if (order != null) {
            page(order, null);
        }
    }

    private void end(Order order) throws Exception {
        orders.remove();
        order.reader.end(order.view);
        first();
    }

    private void page(Order order, Item after) {
        long of = reading;
        CompletableFuture<TargetRows.Page> page = targets.read(order.view.spec(), after);
        page.whenComplete((rows, failure) -> comeBack(of, order, rows, failure));
    }

    /** On whatever thread completes the future. */
    private void comeBack(long of, Order order, TargetRows.Page page, Throwable failure) {
        String what = "rows of the target of view " + order.view.spec().name();
        try {
            mailbox.execute(() -> take(of, order, page, failure), what);
        } catch (RejectedExecutionException e) {
            LOG.debug("the task has ended; dropped {}", what);
        }
    }

    private void take(long of, Order order, TargetRows.Page page, Throwable failure)
            throws Exception {
        ViewRules view = order.view;
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
            order.reader.row(view, row);
        }
        if (page.next() == null) {
            end(order);
        } else {
            page(order, page.next());
        }
    }
}
