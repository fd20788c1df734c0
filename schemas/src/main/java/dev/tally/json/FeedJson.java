package dev.tally.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tally.change.ItemDiff;
import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.view.FeedSpec.Format;
import java.io.IOException;
import java.io.Serializable;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * An item's diff as one JSON text of a feed; {@code schema/feed-record.schema.json} is the contract
 * with its readers, {@link FeedEntry} reads it.
 *
 * <p>A text that is too large loses its images and says {@code "truncated": true}; if its names of
 * changed attributes alone are too large, it loses them as well. What is left always fits.
 */
public final class FeedJson implements Serializable {

    private static final long serialVersionUID = 1L;

    /** What Kinesis takes as one record, its partition key included: 1 MiB. */
    public static final int RECORD_BYTES_MAX = 1 << 20;

    private final String feed;
    private final String table;
    private final KeySchema schema;
    private final Format format;

    /**
     * @param table the table's own name, not the one in views.yaml
     */
    public FeedJson(String feed, String table, KeySchema schema, Format format) {
        this.feed = Objects.requireNonNull(feed);
        this.table = Objects.requireNonNull(table);
        this.schema = Objects.requireNonNull(schema);
        this.format = Objects.requireNonNull(format);
    }

    /** At most {@code bytesMax} bytes of UTF-8, without images if need be. */
    public byte[] write(ItemDiff diff, int bytesMax) {
        byte[] whole = whole(diff);
        return whole.length <= bytesMax ? whole : truncated(diff, bytesMax);
    }

    /** With the images, however large. */
    public byte[] whole(ItemDiff diff) {
        return Json.bytes(512, out -> write(diff, true, true, out));
    }

    /** Without the images. */
    public byte[] truncated(ItemDiff diff, int bytesMax) {
        byte[] names = Json.bytes(512, out -> write(diff, false, true, out));
        if (names.length <= bytesMax) {
            return names;
        }
        return Json.bytes(512, out -> write(diff, false, false, out));
    }

    private void write(ItemDiff diff, boolean images, boolean changed, JsonGenerator out)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("eventId", diff.eventId());
        out.writeStringField("feed", feed);
        out.writeStringField("table", table);
        out.writeStringField("kind", diff.kind().name());
        out.writeFieldName("keys");
        writeItem(diff.key().toItem(schema), out);
        if (images) {
            out.writeFieldName("before");
            writeItem(diff.before(), out);
            out.writeFieldName("after");
            writeItem(diff.after(), out);
        }
        out.writeFieldName("changed");
        writeChanged(changed ? changed(diff) : null, out);
        String version = diff.version() == null ? null : diff.version().toString();
        out.writeStringField("version", version);
        Json.writeTime("time", diff.time(), out);
        out.writeBooleanField("ttl", diff.ttl());
        if (!images) {
            out.writeBooleanField("truncated", true);
        }
        out.writeEndObject();
    }

    private void writeItem(Item item, JsonGenerator out) throws IOException {
        if (item == null) {
            out.writeNull();
        } else if (format == Format.JSON) {
            PlainJson.write(item, out);
        } else {
            DynamoDbJson.write(item, out);
        }
    }

    private static void writeChanged(SortedSet<String> names, JsonGenerator out)
            throws IOException {
        if (names == null) {
            out.writeNull();
            return;
        }
        out.writeStartArray();
        for (String name : names) {
            out.writeString(name);
        }
        out.writeEndArray();
    }

    /** Names of the attributes that differ; null if one of the images is not known. */
    private static SortedSet<String> changed(ItemDiff diff) {
        boolean known;
        switch (diff.kind()) {
            case INSERT:
                known = diff.after() != null;
                break;
            case MODIFY:
                known = diff.before() != null && diff.after() != null;
                break;
            case REMOVE:
                known = diff.before() != null;
                break;
            default:
                known = false;
        }
        if (!known) {
            return null;
        }
        Item before = diff.before() == null ? Item.EMPTY : diff.before();
        Item after = diff.after() == null ? Item.EMPTY : diff.after();
        TreeSet<String> names = new TreeSet<>(before.attributes().keySet());
        names.addAll(after.attributes().keySet());
        for (Map.Entry<String, Value> attribute : before.attributes().entrySet()) {
            if (attribute.getValue().equals(after.get(attribute.getKey()))) {
                names.remove(attribute.getKey());
            }
        }
        return names;
    }
}
