package dev.tally.testing;

import dev.tally.aggregate.GroupState;
import dev.tally.aggregate.ViewMark;
import dev.tally.aggregate.measure.Amount;
import dev.tally.aggregate.measure.ValueKey;
import dev.tally.codec.Codec;
import dev.tally.codec.CodecSerializer;
import dev.tally.codec.Fuzz;
import dev.tally.diff.ItemState;
import dev.tally.sink.Guard;
import dev.tally.sink.Pending;
import dev.tally.sink.Removal;
import dev.tally.source.enumerator.EnumeratorState;
import dev.tally.source.split.Fence;
import dev.tally.source.split.TableSplit;
import dev.tally.source.split.VersionedCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Damaged state of every operator is refused in words, within little time and memory. */
@Timeout(120)
class FuzzStateTest {

    static List<Map.Entry<String, Codec<?>>> codecs() {
        return List.of(
                Map.entry("item-state", ItemState.CODEC),
                Map.entry("item-stage", dev.tally.diff.StageMark.CODEC),
                Map.entry("group-state", GroupState.CODEC),
                Map.entry("group-stage", dev.tally.aggregate.StageMark.CODEC),
                Map.entry("views", ViewMark.CODEC),
                Map.entry("amount", Amount.CODEC),
                Map.entry("value-key", ValueKey.CODEC),
                Map.entry("pending", Pending.CODEC),
                Map.entry("removal", Removal.CODEC),
                Map.entry("fence", Fence.CODEC));
    }

    @ParameterizedTest
    @MethodSource("codecs")
    void ofOperators(Map.Entry<String, Codec<?>> codec) throws IOException {
        golden(
                        new Fuzz(
                                codec.getKey(),
                                IOException.class,
                                bytes ->
                                        CodecSerializer.fromBytes(codec.getValue(), bytes)
                                                .toString()),
                        codec.getKey())
                .run();
    }

    /** Values of an image in state are looked at only when somebody asks for them. */
    @Test
    void imagesOfItems() throws IOException {
        golden(new Fuzz("image", IllegalStateException.class, this::readImage), "item-state").run();
    }

    private void readImage(byte[] bytes) {
        ItemState state;
        try {
            state = CodecSerializer.fromBytes(ItemState.CODEC, bytes);
        } catch (IOException refused) {
            return;
        }
        if (state.image() != null) {
            state.image().attributes();
        }
    }

    @Test
    void ofTheSource() throws IOException {
        VersionedCodec<TableSplit> splits = new VersionedCodec<>("split", TableSplit.CODEC);
        golden(
                        new Fuzz(
                                "split",
                                IOException.class,
                                bytes -> splits.deserialize(1, bytes).toString()),
                        "split")
                .run();
        VersionedCodec<EnumeratorState> states =
                new VersionedCodec<>("enumerator state", EnumeratorState.CODEC);
        golden(
                        new Fuzz(
                                "enumerator state",
                                IOException.class,
                                bytes -> states.deserialize(1, bytes).toString()),
                        "enumerator-state")
                .run();
    }

    @Test
    void guardsInRows() {
        new Fuzz(
                        "guard",
                        IllegalArgumentException.class,
                        bytes -> Guard.parse(new String(bytes, StandardCharsets.UTF_8)).toString())
                .with(Guard.of(7, 42, 0, 1_795_201_200_000L).text())
                .with("9999999999-9999999999999999-9999999999/")
                .run();
    }

    /** With all golden files of that name, or of all names if there is none. */
    private static Fuzz golden(Fuzz fuzz, String name) throws IOException {
        Path golden = SourceTree.root().resolve("operators/src/test/resources/golden");
        Path folder = Files.exists(golden.resolve(name)) ? golden.resolve(name) : golden;
        try (Stream<Path> files = Files.walk(folder)) {
            List<Path> binary =
                    files.filter(file -> file.toString().endsWith(".bin"))
                            .sorted()
                            .collect(Collectors.toList());
            for (Path file : binary) {
                fuzz.with(Files.readAllBytes(file));
            }
        }
        return fuzz;
    }
}
