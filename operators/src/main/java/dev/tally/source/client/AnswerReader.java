package dev.tally.source.client;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Reads answers of GetRecords out of their bytes in one pass, and makes no objects of what nobody
 * wants. Unknown fields are passed over, as the SDK does. For all threads.
 */
public final class AnswerReader {

    private static final String NEXT = "NextShardIterator";

    /** Before the next iterator where it ends an answer. */
    private static final byte[] LAST_FIELD = (",\"" + NEXT + "\":\"").getBytes(US_ASCII);

    private AnswerReader() {}

    /**
     * The next iterator, without the records.
     *
     * @return null if there is none, or it is neither the first field nor the last: then {@link
     *     #changes} finds it
     * @throws AnswerException as that does
     */
    static String nextIterator(byte[] answer) throws AnswerException {
        JsonBytes in = new JsonBytes(answer);
        in.open('{');
        boolean first = in.more('}') && in.name().equals(NEXT);
        if (first) {
            return in.isNull() ? null : in.text();
        }
        return last(answer);
    }

    /** Behind its text is one brace, the answer's own; so it is the answer's field. */
    private static String last(byte[] answer) {
        int end = answer.length - 2;
        if (end < 0 || answer[end] != '"' || answer[end + 1] != '}') {
            return null;
        }
        int from = end;
        while (from > 0 && answer[from - 1] != '"' && answer[from - 1] != '\\') {
            from--;
        }
        int field = from - LAST_FIELD.length;
        return field >= 0 && Arrays.equals(answer, field, from, LAST_FIELD, 0, LAST_FIELD.length)
                ? new String(answer, from, end - from, UTF_8)
                : null;
    }

    /**
     * @param time of the service, milliseconds
     * @throws AnswerException if it is cut off or no JSON of the right form
     */
    public static ChangePage changes(byte[] answer, Wanted wanted, long time)
            throws AnswerException {
        JsonBytes in = new JsonBytes(answer);
        RecordReader reader = new RecordReader(in, wanted);
        List<Change> changes = new ArrayList<>();
        String next = null;
        in.open('{');
        while (in.more('}')) {
            String field = in.name();
            if (in.isNull()) {
                continue;
            }
            switch (field) {
                case "Records":
                    in.open('[');
                    while (in.more(']')) {
                        changes.add(reader.record());
                    }
                    break;
                case NEXT:
                    next = in.text();
                    break;
                default:
                    in.skip();
            }
        }
        return new ChangePage(changes, next, time);
    }
}
