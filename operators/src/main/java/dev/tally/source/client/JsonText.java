package dev.tally.source.client;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Texts out of the bytes between the quotes of JSON. Null stands for bytes that are no such. */
final class JsonText {

    private static final String ESCAPES = "\"\\/bfnrt";
    private static final String ESCAPED = "\"\\/\b\f\n\r\t";

    private JsonText() {}

    /** Without escapes. */
    static String decoded(byte[] bytes, int from, int to) {
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        // What is no UTF-8 becomes this; but it may also be written.
        if (text.indexOf('\uFFFD') >= 0) {
            byte[] again = text.getBytes(StandardCharsets.UTF_8);
            if (!Arrays.equals(again, 0, again.length, bytes, from, to)) {
                return null;
            }
        }
        return text;
    }

    static String unescaped(byte[] bytes, int from, int to) {
        StringBuilder text = new StringBuilder(to - from);
        int begin = from;
        for (int i = from; i <= to; i++) {
            if (i == to || bytes[i] == '\\') {
                String part = decoded(bytes, begin, i);
                if (part == null) {
                    return null;
                }
                text.append(part);
            }
            if (i < to && bytes[i] == '\\') {
                i++;
                int unit = bytes[i] == 'u' ? unit(bytes, i + 1, to) : escape(bytes[i]);
                if (unit < 0) {
                    return null;
                }
                text.append((char) unit);
                i += bytes[i] == 'u' ? 4 : 0;
                begin = i + 1;
            }
        }
        return text.toString();
    }

    private static int escape(byte letter) {
        int escape = ESCAPES.indexOf(letter);
        return escape < 0 ? -1 : ESCAPED.charAt(escape);
    }

    /** Of four digits; -1 if they are none. */
    private static int unit(byte[] bytes, int from, int to) {
        int unit = 0;
        for (int i = from; i < from + 4; i++) {
            int digit = i < to ? Character.digit(bytes[i], 16) : -1;
            if (digit < 0) {
                return -1;
            }
            unit = 16 * unit + digit;
        }
        return unit;
    }
}
