package dev.tally.bench.drift;

/**
 * What happens while rows are kept, beside what happens on any day: shards roll over and split, the
 * target throttles writes and loses answers.
 */
enum Trouble {
    NONE("any day", false, false, false),
    REPEATS("5 % of the records come again", true, false, false),
    STALE("killed, goes on from an older mark", false, true, false),
    LATE("the same 25 hours later", false, true, true),
    ALL("all of it", true, true, true);

    private final String words;
    private final boolean repeats;
    private final boolean goesBack;
    private final boolean late;

    Trouble(String words, boolean repeats, boolean goesBack, boolean late) {
        this.words = words;
        this.repeats = repeats;
        this.goesBack = goesBack;
        this.late = late;
    }

    String words() {
        return words;
    }

    /** Whether the stream delivers records once more, as readers do that retry. */
    boolean repeats() {
        return repeats;
    }

    /** Whether it is killed after some changes, and goes on from a mark made before them. */
    boolean goesBack() {
        return goesBack;
    }

    /** Whether it goes on so late that the stream has lost what follows the mark. */
    boolean late() {
        return late;
    }
}
