package dev.tally.sink;

import dev.tally.view.GroupKey;
import java.io.IOException;
import java.util.Iterator;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;

/** Keyed state as the {@link WriteQueue} sees it; changes the current key. */
final class PendingStore implements WriteQueue.Store {

    /** Name of the state: never rename. */
    static final String STATE = "pending";

    private final KeyedStateBackend<GroupKey> backend;
    private final ValueState<Pending> state;

    PendingStore(KeyedStateBackend<GroupKey> backend, ValueState<Pending> state) {
        this.backend = backend;
        this.state = state;
    }

    @Override
    public Pending get(GroupKey group) {
        backend.setCurrentKey(group);
        try {
            return state.value();
        } catch (IOException e) {
            throw new IllegalStateException("cannot read the pending rows of " + group, e);
        }
    }

    @Override
    public void put(GroupKey group, Pending pending) {
        backend.setCurrentKey(group);
        try {
            if (pending.isEmpty()) {
                state.clear();
            } else {
                state.update(pending);
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot write the pending rows of " + group, e);
        }
    }

    @Override
    public void visit(Predicate<GroupKey> visitor) {
        try (Stream<GroupKey> groups = backend.getKeys(STATE, VoidNamespace.INSTANCE)) {
            Iterator<GroupKey> each = groups.iterator();
            boolean on = true;
            while (on && each.hasNext()) {
                on = visitor.test(each.next());
            }
        }
    }
}
