package dev.tally.job;

import dev.tally.view.GroupKey;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Which differences of a view last. While a job runs, a row is a checkpoint behind its items, so a
 * difference counts only if several readings saw it, each the same. A group that was equal once is
 * right; one that differs each time in another way is moving, and no reading can tell.
 */
final class Settling {

    private static final int READINGS_MAX = 5;

    private final ViewSpec view;
    private final int needed;
    private final BiPredicate<Difference, Difference> same;
    private Reading last;
    private int readings;
    private Map<GroupKey, Seen> open = new HashMap<>();

    /**
     * @param needed readings that must see the same
     * @param same what that is
     */
    Settling(ViewSpec view, int needed, BiPredicate<Difference, Difference> same) {
        this.view = view;
        this.needed = needed;
        this.same = same;
    }

    ViewSpec view() {
        return view;
    }

    void add(Reading reading) {
        Map<GroupKey, Seen> still = new HashMap<>();
        for (Difference now : reading.differences().values()) {
            Seen before = open.get(now.group());
            if (readings == 0 || before != null) {
                boolean again = before != null && same.test(before.difference, now);
                still.put(now.group(), new Seen(now, again ? before.times + 1 : 1));
            }
        }
        open = still;
        last = reading;
        readings++;
    }

    /** Whether another reading could still change what is known. */
    boolean open() {
        if (readings == 0) {
            return true;
        }
        boolean waiting = open.values().stream().anyMatch(seen -> seen.times < needed);
        return waiting && readings < Math.max(needed, READINGS_MAX);
    }

    int readings() {
        return readings;
    }

    /** By the group's name. */
    List<Difference> lasting() {
        List<Difference> lasting = new ArrayList<>();
        for (Seen seen : open.values()) {
            if (seen.times >= needed) {
                lasting.add(seen.difference);
            }
        }
        lasting.sort(Comparator.comparing(difference -> Labels.of(difference.group())));
        return lasting;
    }

    /** Groups that differed each time, but not in the same way. */
    long moving() {
        return open.values().stream().filter(seen -> seen.times < needed).count();
    }

    Reading last() {
        return last;
    }

    boolean exact() {
        return lasting().isEmpty();
    }

    /** The line that says it. */
    String line() {
        int differ = lasting().size();
        String equal = moving() == 0 ? "all equal" : "all others equal";
        String outcome = differ == 0 ? equal : differ + " differ: not exact";
        String moving = moving() == 0 ? "" : moving() + " changed all the time, ";
        return "view "
                + view.name()
                + ": "
                + last.groups()
                + " groups compared with a recount of "
                + last.items()
                + " items, "
                + moving
                + outcome;
    }

    private static final class Seen {
        private final Difference difference;
        private final int times;

        Seen(Difference difference, int times) {
            this.difference = difference;
            this.times = times;
        }
    }
}
