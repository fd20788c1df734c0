package dev.tally.source.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.source.client.TableDescription.ViewType;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** That the traffic is what it says, and the same for a seed. */
class WorkloadTest {

    private static SimulatedTable table() {
        return new SimulatedTable(
                "todoListTask",
                Workload.KEY,
                ViewType.NEW_AND_OLD_IMAGES,
                1,
                1,
                () -> 1_790_000_000_000L);
    }

    @Test
    void knowsWhatIsInTheTable() {
        SimulatedTable table = table();
        Workload workload = new Workload(3, 100, 20);
        Set<Workload.Kind> kinds = EnumSet.noneOf(Workload.Kind.class);
        Set<String> lists = new HashSet<>();
        for (int i = 0; i < 2000; i++) {
            Workload.Operation operation = workload.next();
            kinds.add(operation.kind());
            operation.applyTo(table);
            assertThat(table.get(operation.keys())).isEqualTo(operation.after());
            assertThat(table.items()).hasSize(workload.alive());
            table.items().forEach(item -> lists.add(item.get("ListId").asText()));
        }

        assertThat(kinds).containsExactlyInAnyOrder(Workload.Kind.values());
        assertThat(lists).hasSize(20);
    }

    @Test
    void fillsATable() {
        SimulatedTable table = table();
        Workload workload = new Workload(3, 500, 20);
        for (int i = 0; i < 500; i++) {
            workload.add().applyTo(table);
        }

        assertThat(table.items()).hasSize(500);
    }

    @Test
    void isTheSameForASeed() {
        assertThat(items(5)).isEqualTo(items(5)).isNotEqualTo(items(6));
    }

    private static List<Item> items(long seed) {
        Workload workload = new Workload(seed, 100, 20);
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            items.add(workload.next().after());
        }
        return items;
    }
}
