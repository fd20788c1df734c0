package dev.tally.job;

import dev.tally.sink.LetterTable;
import dev.tally.sink.TargetException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code dead-letters}: says what could not be used, and why; or tries it again, and removes the
 * letters whose cause is gone.
 */
final class Letters {

    static final List<String> ACTIONS = List.of("list", "reapply");

    private static final int SHOWN_MAX = 50;

    private Letters() {}

    /**
     * @return the exit code: 0, or 1 if some letters stay after a reapply
     */
    static int run(CommandLine line, PipelineConfig config, PrintStream out) {
        String table = config.get(PipelineOptions.DEAD_LETTERS_TABLE);
        if (table == null) {
            throw new UserError(
                    "cannot read dead letters: dead-letters.table is not set. Set it in"
                            + " pipeline.yaml or with -Ddead-letters.table=NAME; without it they"
                            + " are in the job's log.");
        }
        try (LetterTable letters = new LetterTable(table, config.targetSettings(null, null))) {
            if (line.action().equals("reapply")) {
                return reapply(letters, table, config, out);
            }
            list(letters, table, out);
            return 0;
        } catch (TargetException e) {
            throw new UserError(e.getMessage(), e);
        }
    }

    private static void list(LetterTable letters, String table, PrintStream out) {
        Map<String, Long> counts = new TreeMap<>();
        letters.read(
                letter -> counts.merge(letter.source() + ": " + letter.reason(), 1L, Long::sum));
        long all = counts.values().stream().mapToLong(Long::longValue).sum();
        out.printf("%,d dead letters in table %s%n", all, table);
        show(counts, out);
        strangers(letters, out);
        if (all > 0) {
            out.println("dead-letters reapply tries them again, and removes those that are done");
        }
    }

    /** The most frequent first. */
    private static void show(Map<String, Long> counts, PrintStream out) {
        List<Map.Entry<String, Long>> sorted = new ArrayList<>(counts.entrySet());
        sorted.sort(Map.Entry.<String, Long>comparingByValue().reversed());
        for (int i = 0; i < Math.min(SHOWN_MAX, sorted.size()); i++) {
            out.printf("  %,d  %s%n", sorted.get(i).getValue(), sorted.get(i).getKey());
        }
        if (sorted.size() > SHOWN_MAX) {
            out.printf("  and %,d other reasons%n", sorted.size() - SHOWN_MAX);
        }
    }

    private static void strangers(LetterTable letters, PrintStream out) {
        if (letters.unreadable() > 0) {
            out.printf("  %,d items that are no dead letters%n", letters.unreadable());
        }
    }

    private static int reapply(
            LetterTable letters, String table, PipelineConfig config, PrintStream out) {
        Map<LetterCause.State, Long> counts = new EnumMap<>(LetterCause.State.class);
        Map<String, Long> stay = new TreeMap<>();
        TreeSet<String> again = new TreeSet<>();
        long[] anew = {0};
        try (LetterCause cause = new LetterCause(config, Preflight.ofTables(config))) {
            letters.read(
                    letter -> {
                        LetterCause.State state = cause.state(letter);
                        boolean same =
                                state == LetterCause.State.READABLE && cause.sameItem(letter);
                        if (state.done() && !letters.remove(letter)) {
                            anew[0]++;
                            return;
                        }
                        counts.merge(state, 1L, Long::sum);
                        if (same) {
                            again.add(cause.table(letter).logicalName());
                        }
                        if (!state.done()) {
                            stay.merge(letter.source() + ": " + letter.reason(), 1L, Long::sum);
                        }
                    });
        }
        return report(letters, table, counts, stay, anew[0], again, out);
    }

    private static int report(
            LetterTable letters,
            String table,
            Map<LetterCause.State, Long> counts,
            Map<String, Long> stay,
            long anew,
            TreeSet<String> again,
            PrintStream out) {
        long done = 0;
        long staying = anew;
        for (Map.Entry<LetterCause.State, Long> count : counts.entrySet()) {
            done += count.getKey().done() ? count.getValue() : 0;
            staying += count.getKey().done() ? 0 : count.getValue();
        }
        out.printf(
                "%,d dead letters of table %s are done and removed, %,d stay%n",
                done, table, staying);
        counts.forEach((state, count) -> out.printf("  %,d %s%n", count, state.words()));
        if (anew > 0) {
            out.printf("  %,d were refused anew meanwhile%n", anew);
        }
        strangers(letters, out);
        if (!stay.isEmpty()) {
            out.println("what stays:");
            show(stay, out);
        }
        for (String name : again) {
            out.println(
                    "items of table "
                            + name
                            + " can be read now and look as before. If nobody has written them"
                            + " since, the job knows them without what was left out: start it with"
                            + " --resnapshot "
                            + name);
        }
        return staying == 0 ? 0 : 1;
    }
}
