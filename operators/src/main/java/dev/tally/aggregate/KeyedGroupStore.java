package dev.tally.aggregate;

import dev.tally.aggregate.measure.PageWriter;
import dev.tally.aggregate.measure.ValueKey;
import dev.tally.aggregate.measure.ValuePages;
import dev.tally.codec.CodecSerializer;
import dev.tally.view.GroupKey;
import java.util.ArrayList;
import java.util.Collections;
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
import org.apache.flink.api.common.typeutils.base.array.BytePrimitiveArraySerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.internal.InternalKvState;
import org.apache.flink.util.FlinkRuntimeException;

/**
 * Groups in Flink's keyed state. Checkpointed: {@code groups} (a {@link GroupState} per group),
 * {@code pages} (the values of ordered measures of large groups; the namespace is the place of the
 * measure in the spec) and {@code awaiting}, which is empty at every barrier. Layout 1 had {@code
 * values} instead, one by one; they are taken over group by group. For the task thread.
 */
final class KeyedGroupStore implements GroupStore {

    private static final String GROUPS = "groups";
    private static final String AWAITING = "awaiting";

    private final KeyedStateBackend<GroupKey> backend;
    private final boolean rocks;
    private final ValueState<GroupState> groups;
    private final ValueState<Boolean> awaiting;
    private final MapState<ValueKey, byte[]> pages;
    private final InternalKvState<?, Integer, ?> pagesNamespace;

    /** Null until a group of layout 1 is met. */
    private MapState<ValueKey, Long> singles;

    private final List<StatePages> measures = new ArrayList<>();
    private final PageWriter writer = new PageWriter();

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
        this.pages =
                backend.getOrCreateKeyedState(
                        IntSerializer.INSTANCE,
                        new MapStateDescriptor<>(
                                "pages",
                                new CodecSerializer<>(ValueKey.class),
                                BytePrimitiveArraySerializer.INSTANCE));
        this.pagesNamespace = (InternalKvState<?, Integer, ?>) pages;
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
                    clearPages(load().amounts().length);
                    remove();
                    removed++;
                }
            }
        }
        return removed;
    }

    private void clearPages(int measures) {
        for (int measure = 0; measure < measures; measure++) {
            pagesNamespace.setCurrentNamespace(measure);
            pages.clear();
            singles(measure).clear();
        }
    }

    private MapState<ValueKey, Long> singles(Integer measure) {
        try {
            if (singles == null) {
                singles =
                        backend.getOrCreateKeyedState(
                                IntSerializer.INSTANCE,
                                new MapStateDescriptor<>(
                                        "values",
                                        new CodecSerializer<>(ValueKey.class),
                                        LongSerializer.INSTANCE));
            }
        } catch (Exception e) {
            throw failed("open values of layout 1 in", e);
        }
        ((InternalKvState<?, Integer, ?>) singles).setCurrentNamespace(measure);
        return singles;
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
    public ValuePages pages(int measure) {
        while (measures.size() <= measure) {
            measures.add(new StatePages(measures.size()));
        }
        return measures.get(measure);
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

    /** One measure's share of {@code pages}. */
    private final class StatePages implements ValuePages {
        private final Integer measure;

        StatePages(int measure) {
            this.measure = measure;
        }

        private MapState<ValueKey, byte[]> ofMeasure() {
            pagesNamespace.setCurrentNamespace(measure);
            return pages;
        }

        @Override
        public List<ValueKey> firsts() {
            try {
                List<ValueKey> firsts = new ArrayList<>();
                ofMeasure().keys().forEach(firsts::add);
                if (!rocks) {
                    Collections.sort(firsts);
                }
                return firsts;
            } catch (Exception e) {
                throw failed("read the names of pages from", e);
            }
        }

        @Override
        public byte[] get(ValueKey first) {
            try {
                return ofMeasure().get(first);
            } catch (Exception e) {
                throw failed("read a page of values from", e);
            }
        }

        @Override
        public void put(ValueKey first, byte[] page) {
            try {
                ofMeasure().put(first, page);
            } catch (Exception e) {
                throw failed("write a page of values to", e);
            }
        }

        @Override
        public void remove(ValueKey first) {
            try {
                ofMeasure().remove(first);
            } catch (Exception e) {
                throw failed("remove a page of values from", e);
            }
        }

        @Override
        public PageWriter writer() {
            writer.clear();
            return writer;
        }

        @Override
        public void takeSingles(ObjLongConsumer<ValueKey> action) {
            try {
                for (Map.Entry<ValueKey, Long> single : singles(measure).entries()) {
                    action.accept(single.getKey(), single.getValue());
                }
                singles.clear();
            } catch (Exception e) {
                throw failed("take over values of layout 1 in", e);
            }
        }
    }
}
