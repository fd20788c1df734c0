package dev.tally.source.reader;

import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;

/**
 * Readings of one kind that want a call: first until it is due, then in line for a permit. Task
 * thread only.
 */
final class Calls {

    private final Permits permits;
    private final PriorityQueue<Waiting> due =
            new PriorityQueue<>(
                    Comparator.<Waiting>comparingLong(waiting -> waiting.dueAt)
                            .thenComparingLong(waiting -> waiting.number));
    private final ArrayDeque<Reading> line = new ArrayDeque<>();
    private long numbers;

    Calls(int permits) {
        this.permits = new Permits(permits);
    }

    Permits permits() {
        return permits;
    }

    void join(Reading reading) {
        if (!reading.queuedForCall()) {
            reading.queuedForCall(true);
            due.add(new Waiting(reading, numbers++));
        }
    }

    void lineUp(long now) {
        while (!due.isEmpty() && due.peek().dueAt <= now) {
            line.add(due.poll().reading);
        }
    }

    boolean anyInLine() {
        return !line.isEmpty();
    }

    /** Lets the first in line call; false if there is none, or no permit. */
    boolean callNext() {
        while (!line.isEmpty() && !line.peek().wantsCall()) {
            line.poll().queuedForCall(false);
        }
        if (line.isEmpty() || !permits.take()) {
            return false;
        }
        Reading reading = line.poll();
        reading.queuedForCall(false);
        reading.call();
        return true;
    }

    /** When the next one is due; far away if there is none. */
    long nextDueAt() {
        return due.isEmpty() ? Long.MAX_VALUE : due.peek().dueAt;
    }

    private static final class Waiting {
        private final Reading reading;
        private final long dueAt;
        private final long number;

        Waiting(Reading reading, long number) {
            this.reading = reading;
            this.dueAt = reading.dueAt();
            this.number = number;
        }
    }
}
