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

    /** Before the text of an object that is plain: brace, name in quotes, colon, quote. */
    private static final int PLAIN_LENGTH = 6;

    private static final long PLAIN =
            '{' | '"' << 8 | (long) '"' << 24 | (long) ':' << 32 | (long) '"' << 40;
    private static final long PLAIN_MASK = 0xFFFF_FF00_FFFFL;

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
        String name = escaped ? lastText() : names.get(bytes, from, to);
        if (name == null) {
            name = lastText();
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
        return text(begin, at, false);
    }

    /**
     * Reads a number in thousandths; what is smaller is cut off.
     *
     * @return -1 if it is negative, large or not written in digits; then nothing is read
     */
    long thousandths() throws AnswerException {
        peek();
        long number = 0;
        int i = at;
        int behindPoint = -1;
        for (; i < bytes.length && i - at < LONG_DIGITS - 3; i++) {
            int digit = bytes[i] - '0';
            if (digit == '.' - '0' && behindPoint < 0 && i > at) {
                behindPoint = 0;
            } else if (digit < 0 || digit > 9) {
                break;
            } else if (behindPoint < 3) {
                number = 10 * number + digit;
                behindPoint += behindPoint < 0 ? 0 : 1;
            }
        }
        if (i == at || i == bytes.length || isBare(bytes[i])) {
            return -1;
        }
        at = i;
        for (int zeros = Math.max(0, behindPoint); zeros < 3; zeros++) {
            number *= 10;
        }
        return number;
    }

    /**
     * Whether there is an object of one field with a name of one letter and a text of nothing but
     * ASCII without escapes, as most attributes are: then it is behind, the text is the last one,
     * and {@link #from} to {@link #to} are its bytes. If not, nothing is read.
     */
    boolean isPlain(char name) {
        return isPlain(PLAIN | (long) name << 16, PLAIN_MASK | 0xFFL << 16);
    }

    private boolean isPlain(long head, long mask) {
        int begin = at + PLAIN_LENGTH;
        if (begin > bytes.length - Long.BYTES
                || ((long) EIGHT.get(bytes, at) & mask) != head
                || bytes[at + 2] == '\\') {
            return false;
        }
        for (int i = begin; i <= bytes.length - Long.BYTES; i += Long.BYTES) {
            long eight = (long) EIGHT.get(bytes, i);
            long found = stops(eight) | (eight & HIGHEST);
            if (found != 0) {
                int end = i + (Long.numberOfTrailingZeros(found) >> 3);
                if (bytes[end] != '"' || end + 1 == bytes.length || bytes[end + 1] != '}') {
                    return false;
                }
                from = begin;
                to = end;
                escaped = false;
                at = end + 2;
                return true;
            }
        }
        return false;
    }

    /** All of the answer. */
    byte[] bytes() {
        return bytes;
    }

    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** Whether a text is a whole number of few digits: then {@link #whole}, else the text. */
    boolean isWhole() throws AnswerException {
        string();
        return isLastWhole();
    }

    /** The same of the last text. */
    boolean isLastWhole() {
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
        return text(from, to, escaped);
    }

    byte[] base64() throws AnswerException {
        string();
        byte[] encoded =
                escaped
                        ? lastText().getBytes(StandardCharsets.UTF_8)
                        : Arrays.copyOfRange(bytes, from, to);
        try {
            return Base64.getDecoder().decode(encoded);
        } catch (IllegalArgumentException e) {
            throw wrong();
        }
    }

    /** Of any kind and depth. */
    void skip() throws AnswerException {
        if (isPlain(PLAIN, PLAIN_MASK)) {
            return;
        }
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
            long found = stops((long) EIGHT.get(bytes, i));
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

    /**
     * Of eight bytes, the highest bit of the first that is a quote, a backslash or below a space;
     * bits above it mean nothing. 0 if there is none.
     */
    private static long stops(long eight) {
        long quotes = eight ^ ('"' * EACH);
        long slashes = eight ^ ('\\' * EACH);
        return (((quotes - EACH) & ~quotes)
                        | ((slashes - EACH) & ~slashes)
                        | ((eight - ' ' * EACH) & ~eight))
                & HIGHEST;
    }

    private String text(int begin, int end, boolean withEscapes) throws AnswerException {
        String text =
                withEscapes
                        ? JsonText.unescaped(bytes, begin, end)
                        : JsonText.decoded(bytes, begin, end);
        if (text == null) {
            throw wrong();
        }
        return text;
    }
}
