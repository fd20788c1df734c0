package dev.tally.view.file;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects what is wrong in a views.yaml, so that one run shows all of it. */
final class Mistakes {

    /** One of them; lines and columns count from 1. */
    private static final class Mistake {
        private final int line;
        private final int column;
        private final String message;

        private Mistake(int line, int column, String message) {
            this.line = line;
            this.column = column;
            this.message = message;
        }
    }

    /** Nobody reads more of them at once. */
    private static final int SHOWN_MAX = 100;

    private final List<Mistake> mistakes = new ArrayList<>();
    private final Set<List<Integer>> unreadable = new HashSet<>();

    void add(Yaml at, String message) {
        add(at.line(), at.column(), message);
    }

    void add(int line, int column, String message) {
        if (!unreadable.contains(List.of(line, column))) {
            mistakes.add(new Mistake(line, column, message));
        }
    }

    /** A value that is not known: whatever else is said of it is not worth reading. */
    void addUnreadable(int line, int column, String message) {
        add(line, column, message);
        unreadable.add(List.of(line, column));
    }

    boolean isEmpty() {
        return mistakes.isEmpty();
    }

    /** {@code line:column message}, in the order of the file, without repeats. */
    List<String> inOrder() {
        mistakes.sort(
                Comparator.comparingInt((Mistake mistake) -> mistake.line)
                        .thenComparingInt(mistake -> mistake.column));
        Set<String> texts = new LinkedHashSet<>();
        for (Mistake mistake : mistakes) {
            texts.add(mistake.line + ":" + mistake.column + " " + mistake.message);
        }
        List<String> shown = new ArrayList<>(texts);
        if (shown.size() > SHOWN_MAX) {
            int more = shown.size() - SHOWN_MAX;
            shown.subList(SHOWN_MAX, shown.size()).clear();
            shown.add("and " + more + " more");
        }
        return shown;
    }
}
