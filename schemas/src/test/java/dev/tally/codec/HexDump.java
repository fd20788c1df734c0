package dev.tally.codec;

/** Bytes for people, sixteen a line: offset, hexadecimal, and what is printable. */
final class HexDump {

    private static final int WIDTH = 16;

    private HexDump() {}

    static String of(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (int start = 0; start < bytes.length; start += WIDTH) {
            text.append(String.format("%04x ", start));
            StringBuilder printable = new StringBuilder();
            for (int i = start; i < start + WIDTH; i++) {
                if (i < bytes.length) {
                    text.append(String.format(" %02x", bytes[i]));
                    printable.append(bytes[i] >= ' ' && bytes[i] < 0x7f ? (char) bytes[i] : '.');
                } else {
                    text.append("   ");
                }
            }
            text.append("  ").append(printable).append('\n');
        }
        return text.toString();
    }
}
