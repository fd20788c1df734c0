package dev.tally.source.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executor;

/**
 * Requests and answers on their way: nothing arrives before the owner lets it.
 *
 * <p>A call of {@link SimulatedTableClient} takes two steps here: its request reaches the table
 * (that is the moment it reads), and then its answer reaches the caller. Not for several threads.
 */
public final class AnswerQueue implements Executor {

    private final List<Runnable> underWay = new ArrayList<>();

    @Override
    public void execute(Runnable step) {
        underWay.add(step);
    }

    public int size() {
        return underWay.size();
    }

    /** Lets the oldest step happen; false if there is none. */
    public boolean runNext() {
        return runAt(0);
    }

    /** Lets any step happen, so that answers overtake each other; false if there is none. */
    public boolean runAny(Random random) {
        return !underWay.isEmpty() && runAt(random.nextInt(underWay.size()));
    }

    /** Lets the step at a place in the queue happen; false if there is none. */
    public boolean runAt(int index) {
        if (index >= underWay.size()) {
            return false;
        }
        underWay.remove(index).run();
        return true;
    }

    /** Lets steps happen, the oldest first, until there are none: also those that steps make. */
    public void runAll() {
        while (runNext()) {
            // the step itself is the work
        }
    }
}
