package dev.tally.aggregate;

import dev.tally.aggregate.measure.ValueCounts;
import dev.tally.aggregate.measure.ValueKey;
import dev.tally.codec.CodecSerializer;
import dev.tally.view.GroupKey;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ObjLongConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.BooleanSerializer;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * Groups in Flink's keyed state. Checkpointed: {@code groups} (a {@link GroupState} per group),
 * {@code values} (how often each value of an ordered measure is there; the namespace is the place
 * of the measure in the spec, so that on RocksDB the values of one measure of one group lie side by
 * side in their order) and {@code awaiting}, which is empty at every barrier. For the task thread.
 */
final class KeyedGroupStore implements GroupStore {

    private static final String GROUPS = "groups";
    private static final String AWAITING = "awaiting";

    private final KeyedStateBackend<GroupKey> backend;
    private final boolean rocks;
    private final ValueState<GroupState> groups;
    private final ValueState<Boolean> awaiting;
    private final MapState<ValueKey, Long> values;
    private final InternalKvState<?, Integer, ?> valuesNamespace;
    private final List<StateCounts> counts = new ArrayList<>();

    @SuppressWarnings("unchecked")
    KeyedGroupStore(KeyedStateBackend<GroupKey> backend, boolean rocks) throws Exception {
        this.backend = backend;
        this.rocks = rocks;
        this.groups =
                backend.getPartitionedState(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        new ValueStateDescriptor<>(
                                GROUPS, new CodecSerializer<>(GroupState.class)));
        this.awaiting =
                backend.getPartitionedState(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        new ValueStateDescriptor<>(AWAITING, BooleanSerializer.INSTANCE));
        this.values =
                backend.getOrCreateKeyedState(
                        IntSerializer.INSTANCE,
                        new MapStateDescriptor<>(
                                "values",
                                new CodecSerializer<>(ValueKey.class),
                                LongSerializer.INSTANCE));
        this.valuesNamespace = (InternalKvState<?, Integer, ?>) values;
    }

    private static FlinkRuntimeException failed(String what, Exception cause) {
        return new FlinkRuntimeException("cannot " + what + " the state backend", cause);
    }

    @Override
    public void select(GroupKey key) {
        backend.setCurrentKey(key);
    }

    @Override
    public GroupState load() {
        try {
            return groups.value();
        } catch (Exception e) {
            throw failed("read a group from", e);
        }
    }

    @Override
    public void save(GroupState state) {
        try {
            groups.update(state);
        } catch (Exception e) {
            throw failed("write a group to", e);
        }
    }

    @Override
    public void remove() {
        groups.clear();
    }

    @Override
    public void await() {
        try {
            awaiting.update(Boolean.TRUE);
        } catch (Exception e) {
            throw failed("write a mark to", e);
        }
    }

    @Override
    public void awaited() {
        awaiting.clear();
    }

    @Override
    public Walk groups() {
        return walk(GROUPS);
    }

    @Override
    public Walk awaiting() {
        return walk(AWAITING);
    }

    /**
     * Removes all groups of the views, with their values.
     *
     * @return how many there were
     */
    long forget(Set<String> views) {
        long removed = 0;
        try (Walk keys = groups()) {
            while (keys.hasNext()) {
                GroupKey key = keys.next();
                if (views.contains(key.view())) {
                    select(key);
                    clearValues(load().amounts().length);
                    remove();
                    removed++;
                }
            }
        }
        return removed;
    }

    private void clearValues(int measures) {
        for (int measure = 0; measure < measures; measure++) {
            valuesNamespace.setCurrentNamespace(measure);
            values.clear();
        }
    }

    /** RocksDB walks a snapshot; other backends would see the changes made during the walk. */
    private Walk walk(String state) {
        Stream<GroupKey> keys = backend.getKeys(state, VoidNamespace.INSTANCE);
        if (rocks) {
            return new KeyWalk(keys.iterator(), keys);
        }
        try (Stream<GroupKey> all = keys) {
            List<GroupKey> copy = all.collect(Collectors.toList());
            return new KeyWalk(copy.iterator(), keys);
        }
    }

    @Override
    public ValueCounts counts(int measure) {
        while (counts.size() <= measure) {
            counts.add(new StateCounts(counts.size()));
        }
        return counts.get(measure);
    }

    /** A walk that closes the stream behind it once. */
    private static final class KeyWalk implements Walk {
        private final Iterator<GroupKey> keys;
        private final Stream<GroupKey> stream;

        KeyWalk(Iterator<GroupKey> keys, Stream<GroupKey> stream) {
            this.keys = keys;
            this.stream = stream;
        }

        @Override
        public boolean hasNext() {
            return keys.hasNext();
        }

        @Override
        public GroupKey next() {
            return keys.next();
        }

        @Override
        public void close() {
            stream.close();
        }
    }

    /** One measure's share of {@code values}. */
    private final class StateCounts implements ValueCounts {
        private final Integer measure;

        StateCounts(int measure) {
            this.measure = measure;
        }

        private MapState<ValueKey, Long> ofMeasure() {
            valuesNamespace.setCurrentNamespace(measure);
            return values;
        }

        @Override
        public long get(ValueKey key) {
            try {
                Long count = ofMeasure().get(key);
                return count == null ? 0 : count;
            } catch (Exception e) {
                throw failed("read a value's count from", e);
            }
        }

        @Override
        public void set(ValueKey key, long count) {
            try {
                if (count == 0) {
                    ofMeasure().remove(key);
                } else {
                    ofMeasure().put(key, count);
                }
            } catch (Exception e) {
                throw failed("write a value's count to", e);
            }
        }

        /** One seek on RocksDB; all keys on a backend without order. */
        @Override
        public ValueKey first() {
            try {
                ValueKey first = null;
                for (ValueKey key : ofMeasure().keys()) {
                    if (first == null || key.compareTo(first) < 0) {
                        first = key;
                    }
                    if (rocks) {
                        break;
                    }
                }
                return first;
            } catch (Exception e) {
                throw failed("read the first value from", e);
            }
        }

        @Override
        public void forEach(ObjLongConsumer<ValueKey> action) {
            try {
                for (Map.Entry<ValueKey, Long> entry : ofMeasure().entries()) {
                    action.accept(entry.getKey(), entry.getValue());
                }
            } catch (Exception e) {
                throw failed("read values from", e);
            }
        }
    }
}
