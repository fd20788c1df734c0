package dev.tally.source.client;

import java.util.ArrayList;
import java.util.List;

/**
 * Reads answers of GetRecords out of their bytes in one pass, and makes no objects of what nobody
 * wants. Unknown fields are passed over, as the SDK does. For all threads.
 */
public final class AnswerReader {

    private AnswerReader() {}

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
                case "NextShardIterator":
                    next = in.text();
                    break;
                default:
                    in.skip();
            }
        }
        return new ChangePage(changes, next, time);
    }
}
