package dev.tally.source;

/** A newer submission writes the same views: this one stops, and nothing needs to be done. */
public final class SupersededException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public SupersededException(String message) {
        super(message);
    }
}
