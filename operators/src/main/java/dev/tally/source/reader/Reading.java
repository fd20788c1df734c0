package dev.tally.source.reader;

import dev.tally.change.ItemChange;
import dev.tally.source.split.TableSplit;
import org.apache.flink.api.connector.source.ReaderOutput;

/**
 * One split being read: at most one call under way and two pages fetched ahead; one call more of a
 * shard that is behind. Task thread only; answers come through the {@link Inbox}.
 *
 * <p>The reader asks it when it wants a call ({@link #wantsCall}, {@link #dueAt}), lets it make one
 * when there is a permit, and takes changes from it one by one.
 */
abstract class Reading {

    /** Pages that wait to be emitted before fetching stops. */
    static final int PAGES_AHEAD = 2;

    /** Changes in a row from one split before the next one has its turn. */
    static final int TURN = 64;

    /** When the next call may be made, in relative milliseconds. */
    private long dueAt;

    /** Whether the reader has it in one of its queues for calls. */
    private boolean queuedForCall;

    /** Whether the reader has it in its queue for emitting. */
    private boolean queuedForTurn;

    private boolean moved = true;

    final long dueAt() {
        return dueAt;
    }

    final void dueAt(long time) {
        dueAt = time;
    }

    final boolean queuedForCall() {
        return queuedForCall;
    }

    final void queuedForCall(boolean queued) {
        queuedForCall = queued;
    }

    final boolean queuedForTurn() {
        return queuedForTurn;
    }

    final void queuedForTurn(boolean queued) {
        queuedForTurn = queued;
    }

    /** Whether the split's position has changed since it was last asked. */
    final boolean takeMoved() {
        boolean was = moved;
        moved = false;
        return was;
    }

    final void moved() {
        moved = true;
    }

    /** Whether it could use a call: none under way, room ahead, not at the end. */
    abstract boolean wantsCall();

    /** Makes its next call; the reader has taken a permit for it. */
    abstract void call();

    /** Whether there is something to emit or conclude. */
    abstract boolean hasPage();

    /** Emits the next change of its pages, or concludes a page. */
    abstract void emitNext(ReaderOutput<ItemChange> output);

    /** Drops what it has fetched: from here it makes no call and emits nothing. */
    abstract void discard();

    /** Whether everything has been emitted. */
    abstract boolean finished();

    /** The split as far as it has been emitted. */
    abstract TableSplit split();
}
