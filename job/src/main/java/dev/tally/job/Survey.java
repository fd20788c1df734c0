package dev.tally.job;

import dev.tally.aggregate.Recount;
import dev.tally.item.Item;
import dev.tally.sink.DynamoDbTargetRows;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ScanPage;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableClients;
import dev.tally.view.Member;
import dev.tally.view.Membership;
import dev.tally.view.TableSpec;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Recounts a table and reads the rows of its views, through the API alone: no state, no Flink, no
 * writes. The rules are the pipeline's own ({@link Membership}, {@link Recount}); one scan of the
 * table serves all its views.
 */
final class Survey {

    private static final Membership.Problems UNHEARD = (problem, reason) -> {};
    private static final int ATTEMPTS_MAX = 20;
    private static final long BACKOFF_FIRST = 100;
    private static final long BACKOFF_MAX = 5_000;

    private final TableClients sources;
    private final DynamoDbTargetRows targets;
    private final ReadBudget budget;
    private final ReadProgress progress;
    private final Predicate<TargetRow> isRow;

    /**
     * @param isRow which of the rows found are compared
     */
    Survey(
            TableClients sources,
            DynamoDbTargetRows targets,
            ReadBudget budget,
            ReadProgress progress,
            Predicate<TargetRow> isRow) {
        this.sources = sources;
        this.targets = targets;
        this.budget = budget;
        this.progress = progress;
        this.isRow = isRow;
    }

    /**
     * One reading for each view, in their order.
     *
     * @param views of this table, whose rows are in tables
     */
    List<Reading> take(TableSpec table, List<Membership> views) {
        ParallelScan scan = new ParallelScan(budget, progress);
        List<Reading> readings = new ArrayList<>();
        Counts counts = count(scan, table, views);
        for (int i = 0; i < views.size(); i++) {
            Membership view = views.get(i);
            List<TargetRow> rows = new ArrayList<>();
            String target = "table " + view.view().to().table();
            for (Rows part : scan.read(target, () -> new Rows(view))) {
                rows.addAll(part.rows);
            }
            readings.add(Reading.of(counts.items, counts.recounts.get(i), rows));
        }
        return readings;
    }

    private Counts count(ParallelScan scan, TableSpec table, List<Membership> views) {
        try (TableClient client = sources.open(table)) {
            Counts all = new Counts(client, views);
            String name = "table " + table.tableName();
            for (Counts part : scan.read(name, () -> new Counts(client, views))) {
                all.merge(part);
            }
            return all;
        } catch (ClientException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    /** What one thread has counted of the source table. */
    private static final class Counts implements ParallelScan.Part {
        private final TableClient client;
        private final List<Membership> views;
        private final List<Recount> recounts = new ArrayList<>();
        private long items;

        Counts(TableClient client, List<Membership> views) {
            this.client = client;
            this.views = views;
            views.forEach(view -> recounts.add(new Recount(view.view())));
        }

        @Override
        public ParallelScan.Page read(int segment, Item after, int limit) throws Exception {
            ScanPage page = page(segment, after, limit);
            for (Item item : page.items()) {
                items++;
                for (int i = 0; i < recounts.size(); i++) {
                    for (Member member : views.get(i).of(item, UNHEARD)) {
                        recounts.get(i).add(member);
                    }
                }
            }
            return new ParallelScan.Page(
                    page.lastKey(), page.items().size(), page.consumedCapacity());
        }

        private ScanPage page(int segment, Item after, int limit) throws Exception {
            long wait = BACKOFF_FIRST;
            for (int attempt = 1; ; attempt++) {
                try {
                    return client.scan(segment, ParallelScan.SEGMENTS, after, limit).get();
                } catch (ExecutionException e) {
                    if (attempt == ATTEMPTS_MAX || !passes(ClientException.of(e))) {
                        throw e;
                    }
                }
                TimeUnit.MILLISECONDS.sleep(wait);
                wait = Math.min(BACKOFF_MAX, 2 * wait);
            }
        }

        private static boolean passes(ClientException error) {
            return error.kind() == ClientException.Kind.THROTTLED
                    || error.kind() == ClientException.Kind.TRANSIENT;
        }

        void merge(Counts other) {
            items += other.items;
            for (int i = 0; i < recounts.size(); i++) {
                recounts.get(i).merge(other.recounts.get(i));
            }
        }
    }

    /** What one thread has read of a target; throttles are waited out below. */
    private final class Rows implements ParallelScan.Part {
        private final Membership view;
        private final List<TargetRow> rows = new ArrayList<>();

        Rows(Membership view) {
            this.view = view;
        }

        @Override
        public ParallelScan.Page read(int segment, Item after, int limit) throws Exception {
            TargetRows.Page page =
                    targets.read(view.view(), segment, ParallelScan.SEGMENTS, after, limit).get();
            for (TargetRow row : page.rows()) {
                if (isRow.test(row)) {
                    rows.add(row);
                }
            }
            return new ParallelScan.Page(page.next(), page.scanned(), page.units());
        }
    }
}
