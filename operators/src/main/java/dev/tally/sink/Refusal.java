package dev.tally.sink;

import java.util.Locale;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/**
 * Why the service does not take a request, in words of our own: its text may quote the keys and
 * values that it refuses, and is therefore only looked at, never shown.
 */
final class Refusal {

    /** What its text contains, in lower case, and what we say; the first that fits counts. */
    private static final String[][] KNOWN = {
        {"exceeded the maximum allowed size", "the item would be larger than DynamoDB allows"},
        {"collection size", "the items of this partition key would be larger than an index allows"},
        {"index key", "an attribute is of another type than the key of an index"},
        {"secondary index", "an attribute does not fit the key of an index"},
        {"type mismatch for key", "the key is of another type than the table's"},
        {"does not match the schema", "the key is not that of the table"},
        {"missing the key", "the key is not that of the table"},
        {"maximum size limit", "the key is longer than DynamoDB allows"},
        {"empty string", "a key is empty"},
        {"empty binary", "a key is empty"},
        {"significant digits", "a number has more digits than DynamoDB allows"},
        {"magnitude", "a number is beyond what DynamoDB allows"},
        {"nesting", "a value is nested deeper than DynamoDB allows"},
        {"expression", "the request's expression is not accepted"},
    };

    private Refusal() {}

    /** A sentence's end: why, and by what to find the request at the service. */
    static String reason(AwsServiceException error) {
        String request = error.requestId() == null ? "" : " (request " + error.requestId() + ")";
        String text = error.awsErrorDetails().errorMessage();
        String lower = text == null ? "" : text.toLowerCase(Locale.ROOT);
        for (String[] known : KNOWN) {
            if (lower.contains(known[0])) {
                return known[1] + request;
            }
        }
        return "the service's text is left out, since it may quote values" + request;
    }
}
