package dev.tally.item;

/**
 * Stands for an exception whose text may quote item values or credentials: services quote what they
 * refuse, parsers what they read. What remains is the class and where it was thrown, of each cause.
 */
public final class ValuelessCause extends Exception {

    private static final long serialVersionUID = 1L;

    private static final int DEPTH_MAX = 20;

    private ValuelessCause(String type, Throwable cause) {
        super(type, cause);
    }

    /** Null of null. */
    public static ValuelessCause of(Throwable error) {
        return of(error, DEPTH_MAX);
    }

    private static ValuelessCause of(Throwable error, int depth) {
        if (error == null || depth == 0) {
            return null;
        }
        ValuelessCause cause =
                new ValuelessCause(error.getClass().getName(), of(error.getCause(), depth - 1));
        cause.setStackTrace(error.getStackTrace());
        return cause;
    }
}
