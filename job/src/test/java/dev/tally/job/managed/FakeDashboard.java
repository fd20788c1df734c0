package dev.tally.job.managed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/** Flink's own REST pages behind the presigned URL of an application. */
final class FakeDashboard {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] TASKS = {"Source: table", "views", "Sink: rows"};

    private final FakeFlink flink;

    FakeDashboard(FakeFlink flink) {
        this.flink = flink;
    }

    /** The page at a path below {@code /flinkdashboard}; the token names the application. */
    JsonNode answer(String path, String token) {
        FakeApplication application = flink.applications.get(token == null ? "" : token);
        if (application == null) {
            throw new FakeError("Forbidden", "no such token", 403);
        }
        String job = String.format(Locale.ROOT, "%032x", application.starts);
        if (path.equals("/jobs") || path.equals("/jobs/overview")) {
            ObjectNode jobs = JSON.createObjectNode();
            jobs.putArray("jobs")
                    .addObject()
                    .put(path.endsWith("overview") ? "jid" : "id", job)
                    .put("name", "Tally")
                    .put(path.endsWith("overview") ? "state" : "status", state(application));
            return jobs;
        }
        if (!path.startsWith("/jobs/" + job)) {
            throw new FakeError("NotFound", "no page " + path, 404);
        }
        switch (path.substring(("/jobs/" + job).length())) {
            case "":
                return job(application, job);
            case "/checkpoints":
                return checkpoints(application);
            case "/exceptions":
                return exceptions(application);
            default:
                throw new FakeError("NotFound", "no page " + path, 404);
        }
    }

    private static String state(FakeApplication application) {
        return application.restartLoop == null ? "RUNNING" : "RESTARTING";
    }

    private static JsonNode job(FakeApplication application, String id) {
        ObjectNode job = JSON.createObjectNode();
        job.put("jid", id).put("name", "Tally").put("state", state(application));
        job.put("start-time", application.began).put("maxParallelism", 128);
        job.putObject("timestamps").put("RUNNING", application.began);
        ArrayNode vertices = job.putArray("vertices");
        String status = application.restartLoop == null ? "RUNNING" : "CANCELED";
        for (int i = 0; i < TASKS.length; i++) {
            ObjectNode vertex = vertices.addObject();
            vertex.put("id", String.format(Locale.ROOT, "%032x", i + 1)).put("name", TASKS[i]);
            vertex.put("parallelism", application.parallelism()).put("status", status);
            vertex.putObject("tasks").put(status, application.parallelism());
        }
        return job;
    }

    /** Between two looks another checkpoint completes, when the job can complete any. */
    private static JsonNode checkpoints(FakeApplication application) {
        boolean complete = application.restartLoop == null && !application.stuck;
        if (complete) {
            application.checkpoints++;
        }
        int count = application.checkpoints;
        ObjectNode page = JSON.createObjectNode();
        page.putObject("counts")
                .put("restored", application.restoredFrom == null ? 0 : 1)
                .put("total", count)
                .put("in_progress", application.stuck ? 1 : 0)
                .put("completed", count)
                .put("failed", 0);
        ObjectNode latest = page.putObject("latest");
        ArrayNode history = page.putArray("history");
        latest.putNull("completed");
        if (count > 0) {
            ObjectNode checkpoint = JSON.createObjectNode();
            checkpoint.put("id", count).put("status", "COMPLETED").put("is_savepoint", false);
            checkpoint.put("trigger_timestamp", System.currentTimeMillis());
            checkpoint.put("latest_ack_timestamp", System.currentTimeMillis());
            checkpoint.put("end_to_end_duration", 120).put("state_size", 4096);
            latest.set("completed", checkpoint);
            history.add(checkpoint);
        }
        return page;
    }

    /** The newest failure comes first and hides the one that all others follow from. */
    private static JsonNode exceptions(FakeApplication application) {
        ObjectNode page = JSON.createObjectNode();
        ObjectNode history = page.putObject("exceptionHistory").put("truncated", false);
        ArrayNode entries = history.putArray("entries");
        if (application.restartLoop == null) {
            page.putNull("root-exception");
            return page;
        }
        application.failures++;
        String later = "org.apache.flink.util.FlinkException: a task was asked for too late";
        page.put("root-exception", application.failures > 1 ? later : application.restartLoop);
        page.put("timestamp", System.currentTimeMillis()).put("truncated", false);
        for (int failure = application.failures; failure > 0; failure--) {
            String trace = failure > 1 ? later : application.restartLoop;
            entries.addObject()
                    .put("exceptionName", trace.split(":")[0])
                    .put("stacktrace", trace)
                    .put("timestamp", System.currentTimeMillis())
                    .put("taskName", TASKS[1] + " (1/1)");
        }
        return page;
    }
}
