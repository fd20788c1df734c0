package dev.tally.sink;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The version in a row: a text that orders rows by submission, checkpoint and counter, with the
 * row's as-of time behind it: {@code
 * 0000000007-0000000000000042-0000000000/2026-11-20T19:00:00.000Z}.
 *
 * <p>Only the part before the slash, the {@link #position}, orders; its numbers are zero-padded, so
 * that DynamoDB's order of texts is their order. Conditions compare with a bare position, which is
 * below every guard of that position: a guard never replaces another of its own position.
 */
public final class Guard implements Comparable<Guard> {

    private static final long SUBMISSION_MAX = 9_999_999_999L;
    private static final long CHECKPOINT_MAX = 9_999_999_999_999_999L;
    private static final long COUNTER_MAX = 9_999_999_999L;
    private static final Pattern TEXT = Pattern.compile("(\\d{10})-(\\d{16})-(\\d{10})/(.*)");
    private static final DateTimeFormatter AS_OF =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final long submission;
    private final long checkpoint;
    private final long counter;
    private final String asOf;

    private Guard(long submission, long checkpoint, long counter, String asOf) {
        this.submission = submission;
        this.checkpoint = checkpoint;
        this.counter = counter;
        this.asOf = asOf;
    }

    /**
     * @param counter 0 for a committed row, from 1 for eager ones after that checkpoint's barrier
     * @param time as-of, service milliseconds; 0 if unknown
     */
    public static Guard of(long submission, long checkpoint, long counter, long time) {
        inRange("submission", submission, SUBMISSION_MAX);
        inRange("checkpoint", checkpoint, CHECKPOINT_MAX);
        inRange("counter", counter, COUNTER_MAX);
        String asOf = time == 0 ? "" : AS_OF.format(Instant.ofEpochMilli(time));
        return new Guard(submission, checkpoint, counter, asOf);
    }

    private static void inRange(String part, long value, long max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(
                    "cannot make a guard: its " + part + " " + value + " is not in 0 to " + max);
        }
    }

    /** Empty if the text is no guard: somebody else's attribute of that name. */
    public static Optional<Guard> parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                new Guard(
                        Long.parseLong(matcher.group(1)),
                        Long.parseLong(matcher.group(2)),
                        Long.parseLong(matcher.group(3)),
                        matcher.group(4)));
    }

    public long submission() {
        return submission;
    }

    public long checkpoint() {
        return checkpoint;
    }

    public long counter() {
        return counter;
    }

    /** What orders: the text without the as-of time. */
    public String position() {
        return String.format("%010d-%016d-%010d", submission, checkpoint, counter);
    }

    /** As it is stored. */
    public String text() {
        return position() + "/" + asOf;
    }

    /** By position: the as-of time does not count. */
    @Override
    public int compareTo(Guard other) {
        if (submission != other.submission) {
            return Long.compare(submission, other.submission);
        }
        if (checkpoint != other.checkpoint) {
            return Long.compare(checkpoint, other.checkpoint);
        }
        return Long.compare(counter, other.counter);
    }

    /** Same position, consistent with the order. */
    @Override
    public boolean equals(Object o) {
        return o instanceof Guard && compareTo((Guard) o) == 0;
    }

    @Override
    public int hashCode() {
        return Objects.hash(submission, checkpoint, counter);
    }

    @Override
    public String toString() {
        return text();
    }
}
