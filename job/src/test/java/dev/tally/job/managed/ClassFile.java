package dev.tally.job.managed;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of a class file as says for which Java it is and which classes it needs. */
final class ClassFile {

    private static final int UTF8 = 1;
    private static final int INTEGER = 3;
    private static final int FLOAT = 4;
    private static final int LONG = 5;
    private static final int DOUBLE = 6;
    private static final int CLASS = 7;
    private static final int STRING = 8;
    private static final int METHOD_HANDLE = 15;
    private static final int METHOD_TYPE = 16;
    private static final int MODULE = 19;
    private static final int PACKAGE = 20;

    private static final Pattern IN_DESCRIPTOR = Pattern.compile("L([\\w/$-]+);");
    private static final Pattern CLASS_NAME = Pattern.compile("([a-z]\\w*\\.)+[A-Z][\\w$]*");

    private final int major;
    private final Set<String> needed = new HashSet<>();
    private final Set<String> named = new HashSet<>();

    private ClassFile(int major) {
        this.major = major;
    }

    static ClassFile read(byte[] bytes) throws IOException {
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        in.readInt();
        in.readUnsignedShort();
        ClassFile file = new ClassFile(in.readUnsignedShort());
        file.readConstants(in);
        return file;
    }

    private void readConstants(DataInputStream in) throws IOException {
        int count = in.readUnsignedShort();
        String[] texts = new String[count];
        Set<Integer> classes = new HashSet<>();
        Set<Integer> strings = new HashSet<>();
        for (int i = 1; i < count; i++) {
            int tag = in.readUnsignedByte();
            switch (tag) {
                case UTF8:
                    texts[i] = in.readUTF();
                    break;
                case CLASS:
                    classes.add(in.readUnsignedShort());
                    break;
                case STRING:
                    strings.add(in.readUnsignedShort());
                    break;
                case METHOD_TYPE:
                case MODULE:
                case PACKAGE:
                    in.readUnsignedShort();
                    break;
                case METHOD_HANDLE:
                    in.skipBytes(3);
                    break;
                case INTEGER:
                case FLOAT:
                    in.readInt();
                    break;
                case LONG:
                case DOUBLE:
                    in.readLong();
                    i++;
                    break;
                default:
                    in.readInt();
            }
        }
        for (int name : classes) {
            if (!texts[name].startsWith("[")) {
                needed.add(texts[name]);
            }
        }
        for (int value : strings) {
            if (CLASS_NAME.matcher(texts[value]).matches()) {
                named.add(texts[value].replace('.', '/'));
            }
        }
        for (String text : texts) {
            if (text != null && text.indexOf(';') > 0) {
                addDescribed(text);
            }
        }
    }

    private void addDescribed(String text) {
        Matcher matcher = IN_DESCRIPTOR.matcher(text);
        while (matcher.find()) {
            needed.add(matcher.group(1));
        }
    }

    /** 55 is Java 11. */
    int major() {
        return major;
    }

    /** Names with slashes, of classes that code, fields, methods or signatures name. */
    Set<String> needed() {
        return needed;
    }

    /**
     * Names with slashes, of what text in the code looks like the name of: loaded by reflection.
     */
    Set<String> named() {
        return named;
    }
}
