package dev.tally.diff;

import dev.tally.change.ItemChange;
import dev.tally.codec.CodecSerializer;
import dev.tally.diff.ItemState.Origin;
import dev.tally.item.ItemKey;
import java.math.BigInteger;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Stable ids of changes: the stream's own; for what has none, made of table, order and key. The
 * same change has the same id after every restore.
 */
final class EventIds {

    /** 128 bits: the 32 of a hash code would make two items of a large table look like one. */
    private static final int HASH_BYTES = 16;

    private EventIds() {}

    static String of(String table, ItemChange change) {
        if (change.eventId() != null) {
            return change.eventId();
        }
        Object order = change.scanned() ? change.generation() : change.version();
        return made(table, order, change.key());
    }

    /** Of the change that an image came with, from the state that it left. */
    static String of(String table, ItemKey key, ItemState state) {
        Object order = state.origin() == Origin.SCAN ? state.generation() : state.version();
        return made(table, order, key);
    }

    private static String made(String table, Object order, ItemKey key) {
        try {
            byte[] bytes = CodecSerializer.toBytes(ItemKey.CODEC, key);
            byte[] sha = MessageDigest.getInstance("SHA-256").digest(bytes);
            BigInteger hash = new BigInteger(1, Arrays.copyOf(sha, HASH_BYTES));
            return String.format("%s/%s/%032x", table, order, hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("cannot hash a key: this JVM has no SHA-256", e);
        }
    }
}
