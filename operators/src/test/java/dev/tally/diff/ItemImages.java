package dev.tally.diff;

import dev.tally.codec.CodecSerializer;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;

/** What a subtask of the item stage holds of each item, read from its state at a barrier. */
public final class ItemImages {

    private ItemImages() {}

    /** Without items that are not there: tombstones are left out. */
    public static Map<ItemKey, Item> of(KeyedStateBackend<ItemKey> backend) throws Exception {
        ValueState<ItemState> state =
                backend.getPartitionedState(
                        VoidNamespace.INSTANCE,
                        VoidNamespaceSerializer.INSTANCE,
                        new ValueStateDescriptor<>("item", new CodecSerializer<>(ItemState.class)));
        List<ItemKey> keys;
        try (Stream<ItemKey> all = backend.getKeys("item", VoidNamespace.INSTANCE)) {
            keys = all.collect(Collectors.toList());
        }
        Map<ItemKey, Item> images = new HashMap<>();
        for (ItemKey key : keys) {
            backend.setCurrentKey(key);
            Item image = state.value().image();
            if (image != null) {
                images.put(key, image);
            }
        }
        return images;
    }
}
