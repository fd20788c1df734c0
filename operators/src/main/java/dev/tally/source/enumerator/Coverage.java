package dev.tally.source.enumerator;

import dev.tally.codec.Codec;
import dev.tally.codec.Wire;
import java.io.IOException;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Which views a generation feeds, by what they count, and which of them have never been complete.
 *
 * <p>A view that is removed, or counts something else, is dropped at once, whether or not the next
 * generation is pinned: the aggregate stage has given up its groups, so it is built when it comes
 * back.
 */
final class Coverage {

    /** Of a state that is older than coverages: whatever views there are. */
    static final Coverage UNKNOWN = new Coverage(null, new TreeSet<>());

    static final Codec<Coverage> CODEC =
            new Codec<>() {
                @Override
                public int version() {
                    return 2;
                }

                @Override
                public void write(Coverage coverage, DataOutputView out) throws IOException {
                    Map<String, String> views = coverage.definitions;
                    out.writeBoolean(views != null);
                    if (views == null) {
                        return;
                    }
                    Wire.writeInt(views.size(), out);
                    for (Map.Entry<String, String> view : views.entrySet()) {
                        Wire.writeText(view.getKey(), out);
                        Wire.writeText(view.getValue(), out);
                        out.writeBoolean(coverage.building.contains(view.getKey()));
                    }
                }

                @Override
                public Coverage read(int version, DataInputView in) throws IOException {
                    if (!in.readBoolean()) {
                        return UNKNOWN;
                    }
                    TreeMap<String, String> views = new TreeMap<>();
                    TreeSet<String> building = new TreeSet<>();
                    for (int left = Wire.readCount(in); left > 0; left--) {
                        String name = Wire.readText(in);
                        views.put(name, Wire.readText(in));
                        if (in.readBoolean()) {
                            building.add(name);
                        }
                    }
                    return new Coverage(views, building);
                }
            };

    /** What each view counts, by its name; null if not known. */
    private final SortedMap<String, String> definitions;

    private final SortedSet<String> building;

    private Coverage(SortedMap<String, String> definitions, SortedSet<String> building) {
        this.definitions = definitions;
        this.building = building;
    }

    /** Of a first generation: nothing is complete. */
    static Coverage building(Map<String, String> views) {
        return new Coverage(new TreeMap<>(views), new TreeSet<>(views.keySet()));
    }

    /** Without the views that there are no more, or that count something else. */
    Coverage only(Map<String, String> views) {
        if (definitions == null) {
            return new Coverage(new TreeMap<>(views), new TreeSet<>());
        }
        TreeMap<String, String> kept = new TreeMap<>(definitions);
        kept.entrySet().retainAll(views.entrySet());
        TreeSet<String> open = new TreeSet<>(building);
        open.retainAll(kept.keySet());
        return new Coverage(kept, open);
    }

    /** Whether one of these is new or counts something else. */
    boolean lacks(Map<String, String> views) {
        return definitions != null && !definitions.entrySet().containsAll(views.entrySet());
    }

    /** These views, of which those that it lacks are to be built. */
    Coverage extended(Map<String, String> views) {
        Coverage kept = only(views);
        TreeSet<String> open = new TreeSet<>(kept.building);
        for (Map.Entry<String, String> view : views.entrySet()) {
            if (!view.getValue().equals(kept.definitions.get(view.getKey()))) {
                open.add(view.getKey());
            }
        }
        return new Coverage(new TreeMap<>(views), open);
    }

    /** All of them are complete. */
    Coverage complete() {
        return new Coverage(definitions, new TreeSet<>());
    }

    /** Views that have never been complete. */
    Set<String> building() {
        return Collections.unmodifiableSet(building);
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Coverage
                && Objects.equals(((Coverage) o).definitions, definitions)
                && ((Coverage) o).building.equals(building);
    }

    @Override
    public int hashCode() {
        return building.hashCode();
    }

    @Override
    public String toString() {
        return definitions == null ? "views not known" : definitions.keySet() + " of " + building;
    }
}
