package dev.tally.source.client;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/**
 * Goes through JSON in UTF-8 and makes no objects of it unasked; what is not asked for is skipped,
 * eight bytes a step within texts. A parser that makes tokens of everything takes longer, and most
 * of an answer is skipped.
 *
 * <p>Each method begins before what it reads, white space aside, and ends behind it. What is
 * skipped is not checked, but for where it ends: that an answer is whole, its checksum tells.
 */
final class JsonBytes {

    private static final VarHandle EIGHT =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EACH = 0x0101010101010101L;
    private static final long HIGHEST = 0x80 * EACH;

    private static final int LONG_DIGITS = 18;

    private final byte[] bytes;
    private final Names names = new Names();
    private int at;

    /** Whether an object or array has just been opened: no comma yet. */
    private boolean opened;

    /** The last text, within its quotes. */
    private int from;

    private int to;
    private boolean escaped;

    private long whole;

    JsonBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** What to throw where something else must be. */
    AnswerException wrong() {
        return new AnswerException(
                "its answer of "
                        + bytes.length
                        + " bytes cannot be read at byte "
                        + at
                        + ": it is cut off, or not of the form that the service has");
    }

    void open(char bracket) throws AnswerException {
        take(bracket);
        opened = true;
    }

    /** Whether another field or element comes; if not, the bracket is behind. */
    boolean more(char bracket) throws AnswerException {
        if (peek() == bracket) {
            at++;
            opened = false;
            return false;
        }
        if (!opened) {
            take(',');
        }
        opened = false;
        return true;
    }

    /** The name of a field; of the same name always the same object. */
    String name() throws AnswerException {
        string();
        String name = escaped ? unescaped() : names.get(bytes, from, to);
        if (name == null) {
            name = decoded(from, to);
            names.put(bytes, from, to, name);
        }
        take(':');
        return name;
    }

    /** Whether there is a null; then it is behind. */
    boolean isNull() throws AnswerException {
        if (peek() != 'n') {
            return false;
        }
        literal("null");
        return true;
    }

    boolean bool() throws AnswerException {
        boolean value = peek() == 't';
        literal(value ? "true" : "false");
        return value;
    }

    String text() throws AnswerException {
        string();
        return lastText();
    }

    /** What is written without quotes, or in them. */
    String number() throws AnswerException {
        if (peek() == '"') {
            return text();
        }
        int begin = at;
        bare();
        return decoded(begin, at);
    }

    /** Whether a text is a whole number of few digits: then {@link #whole}, else the text. */
    boolean isWhole() throws AnswerException {
        string();
        boolean negative = bytes[from] == '-';
        int first = negative ? from + 1 : from;
        if (first == to || to - first > LONG_DIGITS) {
            return false;
        }
        long number = 0;
        for (int i = first; i < to; i++) {
            int digit = bytes[i] - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            number = 10 * number + digit;
        }
        whole = negative ? -number : number;
        return true;
    }

    long whole() {
        return whole;
    }

    String lastText() throws AnswerException {
        return escaped ? unescaped() : decoded(from, to);
    }

    byte[] base64() throws AnswerException {
        string();
        byte[] encoded =
                escaped
                        ? unescaped().getBytes(StandardCharsets.UTF_8)
                        : Arrays.copyOfRange(bytes, from, to);
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw wrong();
        }
    }

    /** Of any kind and depth. */
    void skip() throws AnswerException {
        int depth = 0;
        do {
            switch (peek()) {
                case '"':
                    at = behind(at + 1);
                    break;
                case '{':
                case '[':
                    depth++;
                    at++;
                    break;
                case '}':
                case ']':
                    depth--;
                    at++;
                    break;
                case ':':
                case ',':
                    at++;
                    break;
                default:
                    bare();
            }
        } while (depth > 0);
        if (depth < 0) {
            throw wrong();
        }
    }

    /** Behind the quote that ends a text. */
    private int behind(int begin) throws AnswerException {
        int end = stop(begin);
        while (bytes[end] == '\\') {
            end = stop(end + 2);
        }
        return end + 1;
    }

    private byte peek() throws AnswerException {
        while (at < bytes.length) {
            byte next = bytes[at];
            if (next > ' ' || (next != ' ' && next != '\n' && next != '\r' && next != '\t')) {
                return next;
            }
            at++;
        }
        throw wrong();
    }

    private void take(char wanted) throws AnswerException {
        if (peek() != wanted) {
            throw wrong();
        }
        at++;
    }

    private void literal(String wanted) throws AnswerException {
        for (int i = 0; i < wanted.length(); i++) {
            if (at == bytes.length || bytes[at] != wanted.charAt(i)) {
                throw wrong();
            }
            at++;
        }
    }

    /** A number or literal. */
    private void bare() throws AnswerException {
        int begin = at;
        while (at < bytes.length && isBare(bytes[at])) {
            at++;
        }
        if (at == begin || at == bytes.length) {
            throw wrong();
        }
    }

    private static boolean isBare(byte next) {
        return next > ' ' && next != ',' && next != '}' && next != ']' && next != '"';
    }

    private void string() throws AnswerException {
        take('"');
        from = at;
        int end = stop(at);
        escaped = bytes[end] == '\\';
        to = escaped ? behind(end) - 1 : end;
        at = to + 1;
    }

    /** The next quote or backslash of a text; nothing below a space may come before it. */
    private int stop(int begin) throws AnswerException {
        int i = begin;
        for (; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
            long eight = (long) EIGHT.get(bytes, i);
            long quotes = eight ^ ('"' * EACH);
            long slashes = eight ^ ('\\' * EACH);
            long found =
                    (((quotes - EACH) & ~quotes)
                                    | ((slashes - EACH) & ~slashes)
                                    | ((eight - ' ' * EACH) & ~eight))
                            & HIGHEST;
            if (found != 0) {
                i += Long.numberOfTrailingZeros(found) >> 3;
                break;
            }
        }
        while (i < bytes.length && (bytes[i] >= ' ' || bytes[i] < 0)) {
            if (bytes[i] == '"' || bytes[i] == '\\') {
                return i;
            }
            i++;
        }
        throw wrong();
    }

    private String decoded(int begin, int end) throws AnswerException {
        String text = new String(bytes, begin, end - begin, StandardCharsets.UTF_8);
        // What is no UTF-8 becomes this; but it may also be written.
        if (text.indexOf('\uFFFD') >= 0) {
            byte[] again = text.getBytes(StandardCharsets.UTF_8);
            if (!Arrays.equals(again, 0, again.length, bytes, begin, end)) {
                throw wrong();
            }
        }
        return text;
    }

    private String unescaped() throws AnswerException {
        StringBuilder text = new StringBuilder(to - from);
        int begin = from;
        for (int i = from; i < to; i++) {
            if (bytes[i] == '\\') {
                text.append(decoded(begin, i));
                i++;
                if (bytes[i] == 'u') {
                    text.append(unit(i + 1));
                    i += 4;
                } else {
                    int escape = "\"\\/bfnrt".indexOf(bytes[i]);
                    if (escape < 0) {
                        throw wrong();
                    }
                    text.append("\"\\/\b\f\n\r\t".charAt(escape));
                }
                begin = i + 1;
            }
        }
        return text.append(decoded(begin, to)).toString();
    }

    private char unit(int begin) throws AnswerException {
        int unit = 0;
        for (int i = begin; i < begin + 4; i++) {
            int digit = i < to ? Character.digit(bytes[i], 16) : -1;
            if (digit < 0) {
                throw wrong();
            }
            unit = 16 * unit + digit;
        }
        return (char) unit;
    }
}
