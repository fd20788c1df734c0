package dev.tally.job;

import org.apache.flink.util.SerializedThrowable;

/** Finds the sentence that says what went wrong below what Flink wraps around it. */
final class Errors {

    private Errors() {}

    /** The innermost cause. */
    static Throwable root(Throwable error) {
        Throwable at = error;
        while (at.getCause() != null && at.getCause() != at) {
            at = at.getCause();
        }
        return at;
    }

    /** The message of the innermost of our own sentences, else of the root. */
    static String sentence(Throwable error) {
        String found = null;
        for (Throwable at = error; at != null; at = at.getCause()) {
            String message = message(at);
            if (message != null && message.contains("cannot ")) {
                found = message;
            }
            if (at.getCause() == at) {
                break;
            }
        }
        if (found == null) {
            Throwable root = root(error);
            found = root.getMessage() == null ? root.getClass().getName() : root.getMessage();
        }
        return found;
    }

    /** Flink puts the class name before the message of what crossed a process. */
    private static String message(Throwable at) {
        String message = at.getMessage();
        if (at instanceof SerializedThrowable && message != null) {
            String prefix = ((SerializedThrowable) at).getOriginalErrorClassName() + ": ";
            return message.startsWith(prefix) ? message.substring(prefix.length()) : message;
        }
        return message;
    }
}
