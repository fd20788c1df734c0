package dev.tally.view.file;

import dev.tally.item.AttributePath;

/** Reads attribute paths; what is wrong with one goes to the mistakes. */
final class Paths {

    private Paths() {}

    /** Null if it is no path. */
    static AttributePath parse(Section section, Yaml at, String text, Mistakes mistakes) {
        try {
            return AttributePath.parse(text);
        } catch (IllegalArgumentException e) {
            mistakes.add(at, section.name() + ": " + e.getMessage());
            return null;
        }
    }
}
