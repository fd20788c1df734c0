package dev.tally.job;

import dev.tally.aggregate.Recount;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ScanPage;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableClients;
import dev.tally.view.GroupKey;
import dev.tally.view.Member;
import dev.tally.view.Membership;
import dev.tally.view.TableSpec;
import dev.tally.view.TargetRow;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;

/**
 * Recounts the source tables and compares every row of the views, through the API alone: no state,
 * no Flink. The rules are the pipeline's own ({@link Membership}, {@link Recount}).
 */
final class Verify {

    private static final Membership.Problems UNHEARD = (problem, reason) -> {};
    private static final int PAGE_ITEMS = 1000;

    private final TableClients sources;

    Verify(TableClients sources) {
        this.sources = sources;
    }

    /** What was compared, and what differs. */
    static final class Result {
        private final ViewSpec view;
        private final long items;
        private final long groups;
        private final Map<String, String> differences;

        private Result(ViewSpec view, long items, long groups, Map<String, String> differences) {
            this.view = view;
            this.items = items;
            this.groups = groups;
            this.differences = differences;
        }

        /** Items of the source table that were read. */
        long items() {
            return items;
        }

        /** Groups that were compared: with items, or with a row. */
        long groups() {
            return groups;
        }

        /** By group; empty if all are equal. */
        Map<String, String> differences() {
            return differences;
        }

        boolean exact() {
            return differences.isEmpty();
        }

        /** The line that says it. */
        String line() {
            String outcome = exact() ? "all equal" : differences.size() + " differ: not exact";
            return "view "
                    + view.name()
                    + ": "
                    + groups
                    + " groups compared with a recount of "
                    + items
                    + " items, "
                    + outcome;
        }
    }

    /** Reads source and target once and compares; of a table that is being written, try again. */
    Result compare(TableSpec table, Membership membership, TargetRows target) {
        ViewSpec view = membership.view();
        Recount recount = new Recount(view);
        long items = count(table, membership, recount);
        Map<GroupKey, Value[]> expected = recount.results();
        Map<String, String> differences = new TreeMap<>();
        long groups = 0;
        Item next = null;
        do {
            TargetRows.Page page = target.read(view, next).join();
            for (TargetRow row : page.rows()) {
                Value[] wanted = expected.remove(row.group());
                groups++;
                if (wanted == null) {
                    ghost(view, row, recount.nothing(), differences);
                } else if (!Arrays.equals(wanted, row.measures())) {
                    differences.put(
                            Labels.of(row.group()), difference(view, row.measures(), wanted));
                }
            }
            next = page.next();
        } while (next != null);
        for (Map.Entry<GroupKey, Value[]> missing : expected.entrySet()) {
            groups++;
            differences.put(
                    Labels.of(missing.getKey()),
                    "has no row; the recount says " + shown(view, missing.getValue()));
        }
        return new Result(view, items, groups, differences);
    }

    /** A row whose group has no items must say so, or be a tombstone. */
    private static void ghost(
            ViewSpec view, TargetRow row, Value[] nothing, Map<String, String> differences) {
        if (!row.tombstone() && !Arrays.equals(row.measures(), nothing)) {
            differences.put(
                    Labels.of(row.group()),
                    "has a row with "
                            + shown(view, row.measures())
                            + "; the recount has no items in it");
        }
    }

    private static String difference(ViewSpec view, Value[] row, Value[] wanted) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < wanted.length; i++) {
            boolean equal = row[i] == null ? wanted[i] == null : row[i].equals(wanted[i]);
            if (!equal) {
                parts.add(
                        view.measures().get(i).name()
                                + " is "
                                + Labels.of(row[i])
                                + ", the recount says "
                                + Labels.of(wanted[i]));
            }
        }
        return String.join("; ", parts);
    }

    private static String shown(ViewSpec view, Value[] measures) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < measures.length; i++) {
            if (measures[i] != null) {
                parts.add(view.measures().get(i).name() + " " + Labels.of(measures[i]));
            }
        }
        return String.join(", ", parts);
    }

    private long count(TableSpec table, Membership membership, Recount recount) {
        long items = 0;
        try (TableClient client = sources.open(table)) {
            Item after = null;
            do {
                ScanPage page = client.scan(0, 1, after, PAGE_ITEMS).get();
                for (Item item : page.items()) {
                    items++;
                    for (Member member : membership.of(item, UNHEARD)) {
                        recount.add(member);
                    }
                }
                after = page.lastKey();
            } while (after != null);
        } catch (ClientException e) {
            throw new UserError(e.getMessage(), e);
        } catch (ExecutionException e) {
            throw new UserError(Errors.sentence(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while reading table " + table, e);
        }
        return items;
    }
}
