package dev.tally.json;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.tally.item.Value;
import dev.tally.view.FeedSpec.Format;
import dev.tally.view.Grouping;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Row;
import dev.tally.view.ViewSpec;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A row of a view as one JSON text of a stream; {@code schema/row-record.schema.json} is the
 * contract with its readers.
 *
 * <p>{@code version} orders the rows of one group as text: submission, checkpoint, and a counter of
 * the eager rows after that checkpoint. The newest row of a group replaces all others.
 */
public final class RowJson implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String view;
    private final ArrayList<String> keys;
    private final ArrayList<String> measures;
    private final Format format;
    private final long submission;

    /**
     * @param submission this start of the job; a later one has a higher number
     */
    public RowJson(ViewSpec view, Format format, long submission) {
        this.view = view.name();
        this.keys = new ArrayList<>();
        this.measures = new ArrayList<>();
        this.format = format;
        this.submission = submission;
        if (view.to().key() == null) {
            for (Grouping grouping : view.groupBy()) {
                keys.add(grouping.path().toString());
            }
        } else {
            keys.addAll(view.to().key().keySet());
        }
        for (MeasureSpec measure : view.measures()) {
            measures.add(measure.name());
        }
    }

    public byte[] write(Row row) {
        return Json.bytes(256, out -> write(row, true, out));
    }

    /** Without the measures, for a row that is too large for its stream. */
    public byte[] truncated(Row row) {
        return Json.bytes(256, out -> write(row, false, out));
    }

    private void write(Row row, boolean whole, JsonGenerator out) throws IOException {
        out.writeStartObject();
        out.writeStringField("view", view);
        out.writeFieldName("keys");
        writeValues(keys, row.group().values(), out);
        if (whole) {
            out.writeFieldName("measures");
            writeValues(measures, Arrays.asList(row.measures()), out);
        }
        out.writeBooleanField("empty", row.empty());
        out.writeStringField("version", version(row));
        Json.writeTime("time", row.time(), out);
        if (!whole) {
            out.writeBooleanField("truncated", true);
        }
        out.writeEndObject();
    }

    private String version(Row row) {
        return String.format(
                Locale.ROOT, "%010d-%016d-%010d", submission, row.checkpoint(), row.counter());
    }

    private void writeValues(List<String> names, List<Value> values, JsonGenerator out)
            throws IOException {
        if (names.size() != values.size()) {
            throw new IllegalStateException(
                    "cannot write a row of view "
                            + view
                            + ": it has "
                            + values.size()
                            + " values for "
                            + names);
        }
        out.writeStartObject();
        for (int i = 0; i < names.size(); i++) {
            Value value = values.get(i);
            if (value == null) {
                continue;
            }
            out.writeFieldName(names.get(i));
            if (format == Format.JSON) {
                PlainJson.write(value, out);
            } else {
                DynamoDbJson.write(value, out);
            }
        }
        out.writeEndObject();
    }
}
