package dev.tally.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The bytes of released state: every stored file is read as the values that were once written, and
 * those values are written as the bytes of the newest file.
 *
 * <p>If this test fails after a change of a codec, savepoints would no longer restore. Give the
 * codec a new version that still reads the old ones, and add files of the new version beside the
 * old: {@code -Dtally.golden=write} writes those that are missing, and none that exist.
 */
class CodecGoldenTest {

    private static final boolean WRITE = "write".equals(System.getProperty("tally.golden"));

    @BeforeAll
    static void storeWhatIsMissing() throws IOException {
        if (WRITE) {
            for (Map.Entry<String, Golden.Entry<?>> entry : Golden.all().entrySet()) {
                store(entry.getKey(), entry.getValue());
            }
        }
    }

    static List<String> types() {
        return new ArrayList<>(Golden.all().keySet());
    }

    @ParameterizedTest
    @MethodSource("types")
    void readsEveryVersionThatWasEverWritten(String name) throws IOException {
        Golden.Entry<?> entry = Golden.all().get(name);
        for (int version = 1; version <= entry.codec().version(); version++) {
            byte[] golden = stored(name, version, "bin");
            assertThat(read(entry, golden))
                    .as("%s v%s", name, version)
                    .isEqualTo(entry.values(version));
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void writesTheBytesOfTheNewestVersion(String name) throws IOException {
        Golden.Entry<?> entry = Golden.all().get(name);
        int version = entry.codec().version();
        assertThat(HexDump.of(write(entry)))
                .as("%s v%s", name, version)
                .isEqualTo(new String(stored(name, version, "txt"), StandardCharsets.UTF_8));
        assertThat(write(entry)).isEqualTo(stored(name, version, "bin"));
    }

    private static byte[] stored(String name, int version, String ending) throws IOException {
        String path = "/golden/" + name + "/v" + version + "." + ending;
        try (InputStream in = CodecGoldenTest.class.getResourceAsStream(path)) {
            if (in == null) {
                // Just written, so not among the copied resources yet.
                return Files.readAllBytes(Path.of("src/test/resources" + path));
            }
            return in.readAllBytes();
        }
    }

    private static void store(String name, Golden.Entry<?> entry) throws IOException {
        Path folder = Path.of("src/test/resources/golden", name);
        Path binary = folder.resolve("v" + entry.codec().version() + ".bin");
        if (!Files.exists(binary)) {
            Files.createDirectories(folder);
            Files.write(binary, write(entry));
            String twin = "v" + entry.codec().version() + ".txt";
            Files.writeString(folder.resolve(twin), HexDump.of(write(entry)));
        }
    }

    private static <T> byte[] write(Golden.Entry<T> entry) throws IOException {
        CodecSerializer<T> serializer = new CodecSerializer<>(entry.type());
        DataOutputSerializer out = new DataOutputSerializer(256);
        for (T value : entry.values()) {
            serializer.serialize(value, out);
        }
        return out.getCopyOfBuffer();
    }

    private static <T> List<T> read(Golden.Entry<T> entry, byte[] bytes) throws IOException {
        CodecSerializer<T> serializer = new CodecSerializer<>(entry.type());
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        List<T> values = new ArrayList<>();
        while (in.available() > 0) {
            values.add(serializer.deserialize(in));
        }
        return values;
    }
}
