package dev.tally.source;

/** The table, its stream or the permissions must be changed by somebody before it can be read. */
public final class TableUnusableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public TableUnusableException(String message) {
        super(message);
    }

    public TableUnusableException(String message, Throwable cause) {
        super(message, cause);
    }
}
