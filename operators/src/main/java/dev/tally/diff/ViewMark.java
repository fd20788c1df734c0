package dev.tally.diff;

import java.util.Objects;

/** What the item stage's state says of one view; part of a {@link StageMark}. */
final class ViewMark {

    private final String definition;
    private final long first;

    /**
     * @param definition what it counts; null if a state of version 1 does not say
     * @param first items of this generation and later ones have been counted for it
     */
    ViewMark(String definition, long first) {
        this.definition = definition;
        this.first = first;
    }

    String definition() {
        return definition;
    }

    long first() {
        return first;
    }

    boolean isOf(String otherDefinition) {
        return definition == null || definition.equals(otherDefinition);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ViewMark
                && Objects.equals(((ViewMark) o).definition, definition)
                && ((ViewMark) o).first == first;
    }

    @Override
    public int hashCode() {
        return Objects.hash(definition, first);
    }

    @Override
    public String toString() {
        return "from generation " + first + ": " + definition;
    }
}
