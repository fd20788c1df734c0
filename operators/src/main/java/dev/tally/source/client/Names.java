package dev.tally.source.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Names of fields by their bytes, so that one that comes with every record is made an object once.
 * Keeps the first so many.
 */
final class Names {

    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final int KEPT = 512;
    private static final int PLACES = 4 * KEPT;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final byte[][] bytes = new byte[PLACES][];
    private final String[] names = new String[PLACES];
    private int kept;

    /** Null if it is not known. */
    String get(byte[] text, int from, int to) {
        return names[place(text, from, to)];
    }

    void put(byte[] text, int from, int to, String name) {
        if (kept < KEPT) {
            kept++;
            int place = place(text, from, to);
            bytes[place] = Arrays.copyOfRange(text, from, to);
            names[place] = name;
        }
    }

    /** Where it is, or would be. */
    private int place(byte[] text, int from, int to) {
        int place = (int) (hash(text, from, to) >>> 32) & (PLACES - 1);
        while (bytes[place] != null && !is(bytes[place], text, from, to)) {
            place = (place + 1) & (PLACES - 1);
        }
        return place;
    }

    private static boolean is(byte[] name, byte[] text, int from, int to) {
        return name.length == to - from && Arrays.equals(name, 0, name.length, text, from, to);
    }

    /** Of length and first and last bytes. */
    private static long hash(byte[] text, int from, int to) {
        int length = to - from;
        if (length >= Long.BYTES) {
            long first = (long) EIGHT.get(text, from);
            long last = (long) EIGHT.get(text, to - Long.BYTES);
            return ((first * MIX) ^ last) * MIX + length * MIX;
        }
        long all = length;
        for (int i = from; i < to; i++) {
            all = all << 8 | (text[i] & 0xff);
        }
        return all * MIX;
    }
}
