package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.KeySchema;
import dev.tally.json.FeedEntry;
import dev.tally.sink.KinesisStream;
import dev.tally.view.FeedSpec.Format;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import software.amazon.awssdk.services.kinesis.model.Record;

/** A feed as its consumers use it: repeats dropped by id, entries of a key ordered by version. */
public final class Feed {

    private final KeySchema key;
    private final List<FeedEntry> entries;

    private Feed(KeySchema key, List<FeedEntry> entries) {
        this.key = key;
        this.entries = entries;
    }

    /** All that is in the stream, repeats and all. */
    static Feed read(String stream, KeySchema key) throws IOException {
        List<FeedEntry> entries = new ArrayList<>();
        for (Record record : KinesisStream.existing(stream).records()) {
            entries.add(FeedEntry.read(record.data().asByteArray(), Format.DYNAMODB_JSON));
        }
        return new Feed(key, entries);
    }

    /** All that is in files; a line that a killed process has left half is none. */
    public static Feed readFiles(Path folder, KeySchema key) throws IOException {
        List<FeedEntry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.jsonl")) {
            for (Path file : files) {
                for (String line : Files.readAllLines(file)) {
                    if (line.startsWith("{") && line.endsWith("}")) {
                        byte[] json = line.getBytes(StandardCharsets.UTF_8);
                        entries.add(FeedEntry.read(json, Format.DYNAMODB_JSON));
                    }
                }
            }
        }
        return new Feed(key, entries);
    }

    List<FeedEntry> entries() {
        return entries;
    }

    /** By id; a repeat must say the same as what it repeats. */
    Map<String, FeedEntry> byId() {
        Map<String, FeedEntry> distinct = new LinkedHashMap<>();
        for (FeedEntry entry : entries) {
            FeedEntry first = distinct.putIfAbsent(entry.eventId(), entry);
            if (first != null) {
                assertThat(entry.version()).isEqualTo(first.version());
                assertThat(entry.kind()).isEqualTo(first.kind());
                assertThat(entry.after()).isEqualTo(first.after());
            }
        }
        return distinct;
    }

    /**
     * Applies all entries to what was there before them, and checks on the way that each begins
     * where the one before it on the same key ended.
     */
    public SortedMap<ItemKey, Item> replay(Map<ItemKey, Item> start) {
        Map<ItemKey, List<FeedEntry>> byKey = new HashMap<>();
        for (FeedEntry entry : byId().values()) {
            byKey.computeIfAbsent(ItemKey.of(key, entry.keys()), k -> new ArrayList<>()).add(entry);
        }
        SortedMap<ItemKey, Item> items = new TreeMap<>(start);
        byKey.forEach(
                (item, own) -> {
                    own.sort(Comparator.comparing(FeedEntry::version));
                    Item image = start.get(item);
                    for (FeedEntry entry : own) {
                        assertThat(entry.before())
                                .as("%s of %s", entry.kind(), item)
                                .isEqualTo(image);
                        image = entry.after();
                    }
                    if (image == null) {
                        items.remove(item);
                    } else {
                        items.put(item, image);
                    }
                });
        return items;
    }
}
