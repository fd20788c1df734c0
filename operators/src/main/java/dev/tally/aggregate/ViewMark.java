package dev.tally.aggregate;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * How a view was defined when its groups were counted, and where its rows are: what must be known
 * of it when views.yaml has changed. In union list state. Groups of one definition cannot go on
 * under another: inputs would be retracted that were never added.
 */
public final class ViewMark {

    public static final Codec<ViewMark> CODEC = new ViewMarkCodec();

    private final String view;
    private final String definition;
    private final ViewSpec.RemovedView removedView;
    private final String table;
    private final String region;
    private final String roleArn;
    private final String guard;
    private final List<String> measures;
    private final Target.EmptyGroup emptyGroup;

    private ViewMark(
            String view,
            String definition,
            ViewSpec.RemovedView removedView,
            String table,
            String region,
            String roleArn,
            String guard,
            List<String> measures,
            Target.EmptyGroup emptyGroup) {
        this.view = Objects.requireNonNull(view);
        this.definition = Objects.requireNonNull(definition);
        this.removedView = removedView;
        this.table = table;
        this.region = region;
        this.roleArn = roleArn;
        this.guard = guard;
        this.measures = List.copyOf(measures);
        this.emptyGroup = emptyGroup;
    }

    static ViewMark of(ViewSpec view) {
        List<String> measures = new ArrayList<>();
        for (MeasureSpec measure : view.measures()) {
            measures.add(measure.name());
        }
        Target to = view.to();
        return new ViewMark(
                view.name(),
                view.definition(),
                view.removedView(),
                to.table(),
                to.region(),
                to.roleArn(),
                to.guard(),
                measures,
                to.emptyGroup());
    }

    public String view() {
        return view;
    }

    public String definition() {
        return definition;
    }

    /** A state of version 1 does not say; then the default. */
    public ViewSpec.RemovedView removedView() {
        return removedView;
    }

    /** Name or ARN of the target table; null if the rows went to a stream, or it is not known. */
    public String table() {
        return table;
    }

    /** Null for the default region. */
    public String region() {
        return region;
    }

    /** Role to assume for the target, or null. */
    public String roleArn() {
        return roleArn;
    }

    /** Name of the guard attribute; null if it is not known. */
    public String guard() {
        return guard;
    }

    /** Their names; none if they are not known. */
    public List<String> measures() {
        return measures;
    }

    public Target.EmptyGroup emptyGroup() {
        return emptyGroup;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof ViewMark
                && ((ViewMark) o).view.equals(view)
                && ((ViewMark) o).definition.equals(definition)
                && ((ViewMark) o).removedView == removedView
                && Objects.equals(((ViewMark) o).table, table)
                && Objects.equals(((ViewMark) o).region, region)
                && Objects.equals(((ViewMark) o).roleArn, roleArn)
                && Objects.equals(((ViewMark) o).guard, guard)
                && ((ViewMark) o).measures.equals(measures)
                && ((ViewMark) o).emptyGroup == emptyGroup;
    }

    @Override
    public int hashCode() {
        return Objects.hash(view, definition);
    }

    @Override
    public String toString() {
        return "view " + view + ": " + definition;
    }

    /** Version 1 knew name and definition only. */
    private static final class ViewMarkCodec implements Codec<ViewMark> {

        @Override
        public int version() {
            return 2;
        }

        @Override
        public void write(ViewMark mark, DataOutputView out) throws IOException {
            Wire.writeText(mark.view, out);
            Wire.writeText(mark.definition, out);
            Wire.writeText(mark.removedView.name(), out);
            Wire.writeOptionalText(mark.table, out);
            Wire.writeOptionalText(mark.region, out);
            Wire.writeOptionalText(mark.roleArn, out);
            Wire.writeOptionalText(mark.guard, out);
            Wire.writeInt(mark.measures.size(), out);
            for (String measure : mark.measures) {
                Wire.writeText(measure, out);
            }
            Wire.writeText(mark.emptyGroup.name(), out);
        }

        @Override
        public ViewMark read(int version, DataInputView in) throws IOException {
            String view = Wire.readText(in);
            String definition = Wire.readText(in);
            if (version == 1) {
                return new ViewMark(
                        view,
                        definition,
                        ViewSpec.RemovedView.FAIL,
                        null,
                        null,
                        null,
                        null,
                        List.of(),
                        Target.EmptyGroup.ZERO);
            }
            return new ViewMark(
                    view,
                    definition,
                    ViewSpec.RemovedView.valueOf(Wire.readText(in)),
                    Wire.readOptionalText(in),
                    Wire.readOptionalText(in),
                    Wire.readOptionalText(in),
                    Wire.readOptionalText(in),
                    readNames(in),
                    Target.EmptyGroup.valueOf(Wire.readText(in)));
        }

        private static List<String> readNames(DataInputView in) throws IOException {
            List<String> names = new ArrayList<>();
            for (int i = Wire.readCount(in); i > 0; i--) {
                names.add(Wire.readText(in));
            }
            return names;
        }
    }
}
