package dev.tally.source.enumerator;

import dev.tally.source.split.ReaderOrder;
import dev.tally.source.split.TableSplit;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;

/**
 * Who reads: which subtasks are there, which of them have said what they have, and under which
 * fence. Coordinator thread only.
 *
 * <p>A scan may not begin before every subtask has said that its shards are under the generation's
 * fence: what is stamped with an earlier generation was emitted before the first row of the scan
 * was read. A restart of readers does not undo that: they are told the fence before anything else.
 */
final class Readers {

    private final SplitEnumeratorContext<TableSplit> context;

    /** Subtasks whose present attempt has said what it has. */
    private final Set<Integer> reported = new TreeSet<>();

    /** The generation of the fence that a subtask's shards are under. */
    private final TreeMap<Integer, Long> generations = new TreeMap<>();

    private boolean allReported;

    Readers(SplitEnumeratorContext<TableSplit> context) {
        this.context = context;
    }

    void reported(int subtask, boolean first, long generation) {
        if (first) {
            reported.add(subtask);
        }
        generations.put(subtask, generation);
    }

    /** A subtask starts again. */
    void restarts(int subtask) {
        reported.remove(subtask);
        generations.remove(subtask);
    }

    /** Subtasks whose present attempt has said what it has. */
    Set<Integer> reported() {
        return reported;
    }

    /** Whether all have said once what they have: only then it is known who has what. */
    boolean allReported() {
        allReported |= reported.size() == context.currentParallelism();
        return allReported;
    }

    boolean allUnder(long generation) {
        if (generations.size() < context.currentParallelism()) {
            return false;
        }
        for (long under : generations.values()) {
            if (under != generation) {
                return false;
            }
        }
        return true;
    }

    boolean present(int subtask) {
        return context.registeredReaders().containsKey(subtask);
    }

    void tell(int subtask, ReaderOrder order) {
        if (present(subtask)) {
            context.sendEventToSourceReader(subtask, order);
        }
    }

    void tellAll(ReaderOrder order) {
        for (int subtask : context.registeredReaders().keySet()) {
            context.sendEventToSourceReader(subtask, order);
        }
    }
}
