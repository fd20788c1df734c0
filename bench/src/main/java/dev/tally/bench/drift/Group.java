package dev.tally.bench.drift;

import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.source.client.Change;
import java.math.BigDecimal;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * What is counted of the tasks on a list, or how that changes.
 *
 * @param effort without trailing zeros
 */
record Group(long tasks, BigDecimal effort) {

    static final Group NONE = new Group(0, BigDecimal.ZERO);

    Group {
        effort = effort.stripTrailingZeros();
    }

    Group plus(Group other) {
        return new Group(tasks + other.tasks, effort.add(other.effort));
    }

    private static Group of(Item task, int sign) {
        return new Group(sign, effortOf(task).multiply(BigDecimal.valueOf(sign)));
    }

    static BigDecimal effortOf(Item task) {
        Value effort = task.get("Effort");
        return effort == null ? BigDecimal.ZERO : effort.asNumber();
    }

    static String listOf(Item task) {
        return task.get("ListId").asText();
    }

    /** By list, what a record changes if one believes its images. */
    static Map<String, Group> changesOf(Change change) {
        Map<String, Group> changes = new HashMap<>();
        if (change.oldImage() != null) {
            changes.merge(listOf(change.oldImage()), of(change.oldImage(), -1), Group::plus);
        }
        if (change.newImage() != null) {
            changes.merge(listOf(change.newImage()), of(change.newImage(), 1), Group::plus);
        }
        changes.values().removeIf(NONE::equals);
        return changes;
    }

    /** By list. */
    static Map<String, Group> recount(Collection<Item> tasks) {
        Map<String, Group> groups = new HashMap<>();
        for (Item task : tasks) {
            groups.merge(listOf(task), of(task, 1), Group::plus);
        }
        return groups;
    }

    /** How many groups differ; one that is not there is like one of nothing. */
    static int wrong(Map<String, Group> truth, Map<String, Group> found) {
        Set<String> lists = new HashSet<>(truth.keySet());
        lists.addAll(found.keySet());
        int wrong = 0;
        for (String list : lists) {
            Group there = found.getOrDefault(list, NONE);
            wrong += Objects.equals(truth.getOrDefault(list, NONE), there) ? 0 : 1;
        }
        return wrong;
    }
}
