package dev.tally.sink;

import dev.tally.item.OrderedValueCodec;
import dev.tally.item.Value;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.StringJoiner;

/** One record of a Kinesis stream: its partition key and its data. */
final class StreamEntry {

    /** Kinesis's limit, in characters. */
    private static final int KEY_LENGTH_MAX = 256;

    private final String partitionKey;
    private final byte[] data;

    StreamEntry(String partitionKey, byte[] data) {
        this.partitionKey = partitionKey;
        this.data = data;
    }

    /**
     * The text of a key, so that records of one key stay on one shard; the SHA-256 of a text that
     * is too long, or empty.
     */
    static String partitionKey(List<Value> key) {
        StringJoiner text = new StringJoiner("|");
        for (Value value : key) {
            text.add(text(value));
        }
        boolean fits = text.length() > 0 && text.length() <= KEY_LENGTH_MAX;
        return fits ? text.toString() : sha256(text.toString());
    }

    private static String text(Value value) {
        switch (value.type()) {
            case S:
                return value.asText();
            case N:
                return value.asDigits();
            case B:
                return Base64.getEncoder().encodeToString(value.asBytes());
            default:
                byte[] bytes = OrderedValueCodec.CODEC.toBytes(value);
                return Base64.getEncoder().encodeToString(bytes);
        }
    }

    /** In hexadecimal digits. */
    static String sha256(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            StringBuilder digits = new StringBuilder(2 * digest.length);
            for (byte b : digest) {
                digits.append(Character.forDigit(b >> 4 & 15, 16));
                digits.append(Character.forDigit(b & 15, 16));
            }
            return digits.toString();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }

    /** What Kinesis counts of a partition key. */
    static int bytes(String partitionKey) {
        return partitionKey.getBytes(StandardCharsets.UTF_8).length;
    }

    String partitionKey() {
        return partitionKey;
    }

    /** Must not be changed. */
    byte[] data() {
        return data;
    }

    /** Bytes, as far as memory is concerned. */
    long size() {
        return (long) data.length + 2L * partitionKey.length();
    }
}
