package dev.tally.view;

import dev.tally.item.Item;
import java.io.Serializable;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * The rows that a view's target table holds now, read page by page with consistent reads: what the
 * aggregate stage compares its groups with before a submission writes its first row.
 *
 * <p>Shipped inside the job graph; connections open at first use. Rows with neither the view's
 * guard nor any of its measures are left out.
 */
public interface TargetRows extends Serializable, AutoCloseable {

    /** One page. */
    final class Page {
        private final List<TargetRow> rows;
        private final Item next;
        private final int scanned;
        private final double units;

        public Page(List<TargetRow> rows, Item next) {
            this(rows, next, rows.size(), 0);
        }

        /**
         * @param scanned items that were looked at, whether or not they are rows of the view
         * @param units read capacity units that it took
         */
        public Page(List<TargetRow> rows, Item next, int scanned, double units) {
            this.rows = List.copyOf(rows);
            this.next = next;
            this.scanned = scanned;
            this.units = units;
        }

        public List<TargetRow> rows() {
            return rows;
        }

        /** Where the next page starts; null after the last one. */
        public Item next() {
            return next;
        }

        public int scanned() {
            return scanned;
        }

        /** Read capacity units. */
        public double units() {
            return units;
        }
    }

    /**
     * Reads a page, retrying throttles and server errors itself; fails only with what an engineer
     * must mend.
     *
     * @param after {@link Page#next} of the page before, or null for the first
     */
    CompletableFuture<Page> read(ViewSpec view, Item after);

    @Override
    void close();
}
