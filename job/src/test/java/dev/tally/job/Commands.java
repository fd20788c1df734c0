package dev.tally.job;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** Commands as they are typed, in this JVM, for tests outside of this package. */
public final class Commands {

    private Commands() {}

    /** What {@code verify} and the like say, and in the last line their exit code. */
    public static String said(String... words) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
        int code = Main.exitCode(words, out, out);
        return bytes.toString(StandardCharsets.UTF_8) + "exit code " + code;
    }
}
