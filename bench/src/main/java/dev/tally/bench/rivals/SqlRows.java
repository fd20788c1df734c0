package dev.tally.bench.rivals;

import dev.tally.bench.run.Feed;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Names;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/** The workload's changes as rows, in one of the forms that Flink SQL takes. */
final class SqlRows implements Feed<Row> {

    private static final long serialVersionUID = 1L;

    static final TypeInformation<Row> TYPE =
            Types.ROW_NAMED(
                    new String[] {"id", "list", "amount", "customer", "seq", "removed"},
                    Types.STRING,
                    Types.STRING,
                    Types.LONG,
                    Types.STRING,
                    Types.LONG,
                    Types.BOOLEAN);

    private static final Row[] NONE = {};

    private static Changes changes;
    private static SqlForm form;

    /** By the part that emits them, the rows of each change; null: not made beforehand. */
    private static Row[][] prepared;

    /** Makes all rows before the clock starts, if there is room for them. */
    static void prepare(Changes all, SqlForm wanted) {
        changes = all;
        form = wanted;
        prepared = null;
        if (!all.madeBefore()) {
            return;
        }
        Row[][] made = new Row[all.size()][];
        for (int i = 0; i < made.length; i++) {
            made[i] = make(i);
        }
        prepared = made;
    }

    @Override
    public Part<Row> of(int subtask, int parallelism) {
        return new Rows(subtask, parallelism);
    }

    private static Row[] make(int i) {
        boolean removed = changes.group(i) == Changes.REMOVED;
        switch (form) {
            case NEWEST:
                return new Row[] {row(RowKind.INSERT, i)};
            case UPSERT:
                return new Row[] {row(removed ? RowKind.DELETE : RowKind.UPDATE_AFTER, i)};
            default:
                return changes.repeated(i) ? NONE : retracting(i, changes.previous(i), removed);
        }
    }

    private static Row[] retracting(int i, int previous, boolean removed) {
        if (removed) {
            return new Row[] {row(RowKind.DELETE, previous)};
        }
        if (previous == Changes.NONE) {
            return new Row[] {row(RowKind.INSERT, i)};
        }
        return new Row[] {row(RowKind.UPDATE_BEFORE, previous), row(RowKind.UPDATE_AFTER, i)};
    }

    private static Row row(RowKind kind, int i) {
        boolean removed = changes.group(i) == Changes.REMOVED;
        return Row.ofKind(
                kind,
                Names.item(changes.item(i)),
                removed ? null : Names.group(changes.group(i)),
                changes.measured(i),
                Names.customer(changes.customer(i)),
                (long) changes.sequence(i),
                removed);
    }

    private static final class Rows implements Part<Row> {

        private final int subtask;
        private final int parallelism;
        private Row[] rows = NONE;
        private int at;
        private int next;

        Rows(int subtask, int parallelism) {
            this.subtask = subtask;
            this.parallelism = parallelism;
        }

        @Override
        public Row next() {
            while (at == rows.length) {
                if (next == changes.size()) {
                    return null;
                }
                int i = next++;
                if (parallelism == 1 || changes.item(i) % parallelism == subtask) {
                    rows = prepared == null ? make(i) : prepared[i];
                    at = 0;
                }
            }
            return rows[at++];
        }
    }
}
