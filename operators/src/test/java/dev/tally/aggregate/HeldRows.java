package dev.tally.aggregate;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * A target table that really holds rows: takes those that are written, gives them back in pages.
 * Pages complete at once, or by hand ({@link #byHand}). Shared by reference: for harnesses only.
 */
final class HeldRows implements TargetRows {

    private static final long serialVersionUID = 1L;
    private static final int PAGE = 2;

    private final transient Map<GroupKey, TargetRow> rows = new LinkedHashMap<>();
    private final transient Deque<Runnable> asked = new ArrayDeque<>();
    private long submission = 1;
    private boolean byHand;
    private RuntimeException failure;
    private int reads;
    private boolean closed;

    /** Who writes from now on; 1 at first. */
    void writtenBy(long newSubmission) {
        submission = newSubmission;
    }

    /**
     * @param guarded whether Tally wrote it
     */
    void put(GroupKey group, boolean guarded, Value... measures) {
        rows.put(group, new TargetRow(group, measures, guarded, guarded ? submission : 0));
    }

    /** As the row sink does with a row of a view that keeps empty groups. */
    void write(Row row) {
        put(row.group(), true, row.measures());
    }

    /** As the row sink does with an empty row of a view that deletes such. */
    void bury(Row row) {
        put(row.group(), true, new Value[row.measures().length]);
    }

    Value[] measures(GroupKey group) {
        TargetRow row = rows.get(group);
        return row == null ? null : row.measures();
    }

    /** Pages wait until {@link #answer}. */
    HeldRows byHand() {
        byHand = true;
        return this;
    }

    HeldRows failing(RuntimeException cause) {
        failure = cause;
        return this;
    }

    /** Completes the oldest page that waits. */
    void answer() {
        asked.remove().run();
    }

    boolean isAsked() {
        return !asked.isEmpty();
    }

    /** Those who asked have died. */
    void forgetAsked() {
        asked.clear();
    }

    int reads() {
        return reads;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public CompletableFuture<Page> read(ViewSpec view, Item after) {
        reads++;
        if (failure != null) {
            return CompletableFuture.failedFuture(failure);
        }
        CompletableFuture<Page> page = new CompletableFuture<>();
        Runnable answer = () -> page.complete(page(view, after));
        if (byHand) {
            asked.add(answer);
        } else {
            answer.run();
        }
        return page;
    }

    private Page page(ViewSpec view, Item after) {
        int from = after == null ? 0 : after.get("from").asNumber().intValue();
        List<TargetRow> ofView = new ArrayList<>();
        for (TargetRow row : rows.values()) {
            if (row.group().view().equals(view.name())) {
                ofView.add(row);
            }
        }
        int to = Math.min(from + PAGE, ofView.size());
        Item next = to == ofView.size() ? null : Item.of(Map.of("from", Value.number(to)));
        return new Page(ofView.subList(from, to), next);
    }

    @Override
    public void close() {
        closed = true;
    }
}
