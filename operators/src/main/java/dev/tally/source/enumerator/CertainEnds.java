package dev.tally.source.enumerator;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Ends that a completed checkpoint holds, by the subtask whose reader may forget them now. */
final class CertainEnds {

    private final TreeMap<Integer, List<String>> bySubtask = new TreeMap<>();

    void add(int subtask, String splitId) {
        bySubtask.computeIfAbsent(subtask, s -> new ArrayList<>()).add(splitId);
    }

    Map<Integer, List<String>> bySubtask() {
        return bySubtask;
    }
}
