package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tally.testing.HoldingProxy;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The writes of a job to a table of rows, as a proxy before DynamoDB has seen them. */
final class RowWrites {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<RowWrite> writes = new ArrayList<>();

    /**
     * All so far; an attempt that was repeated as it was counts once, and what a start tries under
     * a condition that never holds, to find out what it may do, is none.
     */
    static RowWrites seen(HoldingProxy proxy, String table) throws IOException {
        RowWrites writes = new RowWrites();
        for (String body : new LinkedHashSet<>(proxy.requests("UpdateItem", table))) {
            JsonNode update = JSON.readTree(body);
            if (update.has("ExpressionAttributeValues")) {
                writes.writes.add(new RowWrite(update));
            }
        }
        return writes;
    }

    int count() {
        return writes.size();
    }

    /** Those of one submission; per row what it was given, in order. */
    Map<String, List<Map<String, JsonNode>>> of(long submission) {
        Map<String, List<Map<String, JsonNode>>> rows = new TreeMap<>();
        for (RowWrite write : writes) {
            if (write.position.startsWith(String.format("%010d-", submission))) {
                rows.computeIfAbsent(write.row, row -> new ArrayList<>()).add(write.values);
            }
        }
        return rows;
    }

    /**
     * That no row was written twice for one checkpoint, none with an older one after a newer, and
     * none with the values that it had.
     */
    void assertEveryOneIsAChange() {
        Map<String, RowWrite> last = new HashMap<>();
        for (RowWrite write : writes) {
            RowWrite before = last.put(write.row, write);
            if (before != null) {
                assertThat(write.position).as(write.row).isGreaterThan(before.position);
                assertThat(write.values).as(write.row).isNotEqualTo(before.values);
            }
        }
    }

    private static final class RowWrite {
        private final String row;
        private final String position;
        private final Map<String, JsonNode> values = new TreeMap<>();

        private RowWrite(JsonNode update) {
            row = update.get("Key").properties().iterator().next().getValue().get("S").asText();
            update.get("ExpressionAttributeValues")
                    .properties()
                    .forEach(value -> values.put(value.getKey(), value.getValue()));
            values.remove(":g");
            position = values.remove(":p").get("S").asText();
        }
    }
}
