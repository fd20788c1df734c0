package dev.tally.view.filter;

import java.util.List;

/** Something in a pattern that cannot be: where, and what is wrong. */
public final class PatternMistake {

    private final List<Object> place;
    private final String message;

    PatternMistake(List<Object> place, String message) {
        this.place = List.copyOf(place);
        this.message = message;
    }

    /** The way from the pattern's top: names of maps and indexes of lists. */
    public List<Object> place() {
        return place;
    }

    /** A sentence: what is wrong and what would be right. */
    public String message() {
        return message;
    }
}
