package dev.tally.aggregate;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * How a view was defined when its groups were counted; in union list state. Groups of one
 * definition cannot go on under another: inputs would be retracted that were never added.
 */
public final class ViewMark {

    public static final Codec<ViewMark> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 1;
                }

                @Override
                public void write(ViewMark mark, DataOutputView out) throws IOException {
                    Wire.writeText(mark.view, out);
                    Wire.writeText(mark.definition, out);
                }

                @Override
                public ViewMark read(int version, DataInputView in) throws IOException {
                    return new ViewMark(Wire.readText(in), Wire.readText(in));
                }
            };

    private final String view;
    private final String definition;

    ViewMark(String view, String definition) {
        this.view = Objects.requireNonNull(view);
        this.definition = Objects.requireNonNull(definition);
    }

    String view() {
        return view;
    }

    String definition() {
        return definition;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ViewMark
                && ((ViewMark) o).view.equals(view)
                && ((ViewMark) o).definition.equals(definition);
    }

    @Override
    public int hashCode() {
        return Objects.hash(view, definition);
    }

    @Override
    public String toString() {
        return "view " + view + ": " + definition;
    }
}
