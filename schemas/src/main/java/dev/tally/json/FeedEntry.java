package dev.tally.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tally.change.ItemDiff.Kind;
import dev.tally.change.ItemVersion;
import dev.tally.item.Item;
import dev.tally.view.FeedSpec.Format;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** One text of a feed, read back: what consumers of {@link FeedJson} get. */
public final class FeedEntry {

    private String eventId;
    private String feed;
    private String table;
    private Kind kind;
    private Item keys;
    private Item before;
    private Item after;
    private List<String> changed;
    private ItemVersion version;
    private long time;
    private boolean ttl;
    private boolean truncated;

    private FeedEntry() {}

    /** Fields that it does not know are skipped: later releases may add some. */
    public static FeedEntry read(byte[] json, Format format) throws IOException {
        FeedEntry entry = Json.read(json, in -> read(in, format));
        if (entry.eventId == null || entry.kind == null || entry.keys == null) {
            throw new IOException(
                    "cannot read an entry of a feed: eventId, kind or keys is missing");
        }
        return entry;
    }

    private static FeedEntry read(JsonParser in, Format format) throws IOException {
        FeedEntry entry = new FeedEntry();
        Json.expect(JsonToken.START_OBJECT, in, "an entry of a feed");
        while (in.nextToken() != JsonToken.END_OBJECT) {
            Json.expect(JsonToken.FIELD_NAME, in, "a field");
            String name = in.currentName();
            in.nextToken();
            entry.read(name, in, format);
        }
        return entry;
    }

    private void read(String name, JsonParser in, Format format) throws IOException {
        switch (name) {
            case "eventId":
                eventId = in.getValueAsString();
                break;
            case "feed":
                feed = in.getValueAsString();
                break;
            case "table":
                table = in.getValueAsString();
                break;
            case "kind":
                kind = readKind(in);
                break;
            case "keys":
                keys = readItem(in, format);
                break;
            case "before":
                before = readItem(in, format);
                break;
            case "after":
                after = readItem(in, format);
                break;
            case "changed":
                changed = readNames(in);
                break;
            case "version":
                version = readVersion(in);
                break;
            case "time":
                time = Json.readTime(in);
                break;
            case "ttl":
                ttl = in.getBooleanValue();
                break;
            case "truncated":
                truncated = in.getBooleanValue();
                break;
            default:
                in.skipChildren();
        }
    }

    private static Kind readKind(JsonParser in) throws IOException {
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(in.getText())) {
                return kind;
            }
        }
        throw Json.wrong(in, "this release knows no such kind of entry");
    }

    private static Item readItem(JsonParser in, Format format) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        return format == Format.JSON ? PlainJson.readItem(in) : DynamoDbJson.readItem(in);
    }

    private static List<String> readNames(JsonParser in) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        Json.expect(JsonToken.START_ARRAY, in, "the names of changed attributes");
        List<String> names = new ArrayList<>();
        while (in.nextToken() != JsonToken.END_ARRAY) {
            names.add(in.getText());
        }
        return Collections.unmodifiableList(names);
    }

    private static ItemVersion readVersion(JsonParser in) throws IOException {
        if (in.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        String[] parts = in.getText().split("-", 2);
        try {
            return ItemVersion.of(Integer.parseInt(parts[0]), parts[1]);
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            throw Json.wrong(in, "a version is two numbers with a dash between");
        }
    }

    /** The same for every repeat of this diff. */
    public String eventId() {
        return eventId;
    }

    public String feed() {
        return feed;
    }

    public String table() {
        return table;
    }

    public Kind kind() {
        return kind;
    }

    public Item keys() {
        return keys;
    }

    /** Null if there was no item, its image is not known, or the entry is truncated. */
    public Item before() {
        return before;
    }

    /** Null if the item was removed, or the entry is truncated. */
    public Item after() {
        return after;
    }

    /** Names of the attributes that changed, sorted; null if not known. */
    public List<String> changed() {
        return changed;
    }

    /** Orders the entries of one item; null for a row of a scan, which is older than all. */
    public ItemVersion version() {
        return version;
    }

    /** Service milliseconds of the change, or 0. */
    public long time() {
        return time;
    }

    /** Whether DynamoDB removed an expired item. */
    public boolean ttl() {
        return ttl;
    }

    /** Whether the images were too large for the feed: read the item from its table. */
    public boolean truncated() {
        return truncated;
    }
}
