package dev.tally.job;

import java.util.List;

/**
 * Something that the person who started Tally can mend: a file, an option, a table, a permission.
 * Shown as its message alone, without a stack trace; the exit code is 2.
 */
public final class UserError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public UserError(String message) {
        super(message);
    }

    public UserError(String message, Throwable cause) {
        super(message, cause);
    }

    /** All of several mistakes, a line each. */
    public static UserError of(List<String> mistakes) {
        return new UserError(String.join("\n", mistakes));
    }
}
