package dev.tally.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

/**
 * What the leading JobManager says of its job. Between two leaders nobody says anything: then a job
 * does not run, no checkpoint is in flight and none has completed.
 */
final class LeaderRest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int LIMIT_MILLIS = 3_000;

    private final Supplier<String> leader;
    private String job;

    /**
     * @param leader its address at this moment; empty if there is none
     */
    LeaderRest(Supplier<String> leader) {
        this.leader = leader;
    }

    void of(String job) {
        this.job = job;
    }

    int taskManagers() {
        return get("/taskmanagers").path("taskmanagers").size();
    }

    /** Names of those whose slots are all taken. */
    Set<String> busyTaskManagers() {
        Set<String> busy = new HashSet<>();
        for (JsonNode one : get("/taskmanagers").path("taskmanagers")) {
            if (one.path("slotsNumber").asInt() > 0 && one.path("freeSlots").asInt() == 0) {
                busy.add(one.path("id").asText());
            }
        }
        return busy;
    }

    /** Whether every task of the job runs, initialization behind it. */
    boolean allRun() {
        JsonNode answer = get("/jobs/" + job);
        boolean all = answer.path("state").asText().equals("RUNNING");
        for (JsonNode vertex : answer.path("vertices")) {
            all &= vertex.path("status").asText().equals("RUNNING");
        }
        return all;
    }

    /** Whether it has ended for good. */
    String endedAs() {
        String state = get("/jobs/" + job).path("state").asText();
        return Set.of("FAILED", "FINISHED", "CANCELED").contains(state) ? state : "";
    }

    /** The checkpoint that has begun and has not ended; 0 if there is none. */
    long checkpointInFlight() {
        for (JsonNode one : get("/jobs/" + job + "/checkpoints").path("history")) {
            if (one.path("status").asText().equals("IN_PROGRESS")) {
                return one.path("id").asLong();
            }
        }
        return 0;
    }

    boolean hasCompleted(long checkpoint) {
        for (JsonNode one : get("/jobs/" + job + "/checkpoints").path("history")) {
            if (one.path("id").asLong() == checkpoint) {
                return one.path("status").asText().equals("COMPLETED");
            }
        }
        return restored() >= checkpoint;
    }

    private long restored() {
        return get("/jobs/" + job + "/checkpoints").at("/latest/restored/id").asLong();
    }

    /** When the last completed checkpoint had begun, in milliseconds; 0 if there is none. */
    long lastCompletedBegan() {
        return get("/jobs/" + job + "/checkpoints")
                .at("/latest/completed/trigger_timestamp")
                .asLong();
    }

    private JsonNode get(String path) {
        String address = leader.get();
        if (address.isEmpty()) {
            return JSON.missingNode();
        }
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create(address + path).toURL().openConnection();
            connection.setConnectTimeout(LIMIT_MILLIS);
            connection.setReadTimeout(LIMIT_MILLIS);
            try (InputStream in = connection.getInputStream()) {
                return JSON.readTree(in);
            }
        } catch (IOException nobodyLeads) {
            return JSON.missingNode();
        }
    }
}
