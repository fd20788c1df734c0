package dev.tally.source.reader;

import java.util.ArrayDeque;

/** Readings that have something to emit, in turns of a bounded length. Task thread only. */
final class Turns {

    private final ArrayDeque<Reading> queue = new ArrayDeque<>();
    private int left = Reading.TURN;

    void join(Reading reading) {
        if (!reading.queuedForTurn()) {
            reading.queuedForTurn(true);
            queue.add(reading);
        }
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** Null if nobody has anything. */
    Reading current() {
        while (!queue.isEmpty() && !queue.peek().hasPage()) {
            next();
        }
        return queue.peek();
    }

    /** The current one has emitted once; if its turn is over it has to join again. */
    void emitted() {
        left--;
        if (left == 0 || !queue.peek().hasPage()) {
            next();
        }
    }

    private void next() {
        queue.poll().queuedForTurn(false);
        left = Reading.TURN;
    }
}
