package dev.tally.job.managed;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** What Managed Flink refuses because of what an application is at the moment. */
final class FakeChecks {

    private static final int MOST_PARALLELISM = 256;
    private static final int MOST_PER_KPU = 8;

    private FakeChecks() {}

    static void checkCode(FakeBucket buckets, JsonNode configuration, String error) {
        JsonNode at =
                configuration.at(
                        "/ApplicationCodeConfigurationDescription/CodeContentDescription"
                                + "/S3ApplicationCodeLocationDescription");
        String bucket = at.path("BucketARN").asText().replace("arn:aws:s3:::", "");
        String key = at.path("FileKey").asText();
        if (!buckets.holds(bucket, key)) {
            throw new FakeError(
                    error,
                    "Please check the role provided or validity of S3 location you provided. We"
                            + " are unable to get the specified fileKey: "
                            + key
                            + " in the specified bucket: "
                            + bucket);
        }
    }

    static void checkFlink(JsonNode said, JsonNode configuration, int quota) {
        for (JsonNode part : said) {
            String type =
                    part.has("ConfigurationTypeUpdate")
                            ? part.get("ConfigurationTypeUpdate").asText()
                            : part.path("ConfigurationType").asText("DEFAULT");
            if (!type.equals("CUSTOM") && part.size() > (part.has("ConfigurationType") ? 1 : 0)) {
                throw new FakeError(
                        "InvalidArgumentException",
                        "Values need the configuration type CUSTOM: " + part);
            }
        }
        JsonNode parallelism =
                configuration.at(
                        "/FlinkApplicationConfigurationDescription"
                                + "/ParallelismConfigurationDescription");
        int wanted = parallelism.get("Parallelism").asInt();
        int each = parallelism.get("ParallelismPerKPU").asInt();
        if (wanted > MOST_PARALLELISM || each > MOST_PER_KPU) {
            throw new FakeError(
                    "InvalidArgumentException", "Parallelism " + wanted + " by " + each);
        }
        if ((wanted + each - 1) / each > quota) {
            throw new FakeError(
                    "LimitExceededException",
                    "The number of KPUs " + wanted + " exceeds the limit of " + quota);
        }
    }

    /** Refuses a request that was made from an older look at the application than the newest. */
    static void checkVersion(FakeApplication application, JsonNode body) {
        boolean token = body.hasNonNull("ConditionalToken");
        boolean version = body.hasNonNull("CurrentApplicationVersionId");
        if (token == version) {
            throw new FakeError(
                    "InvalidArgumentException",
                    "Exactly one of ConditionalToken and CurrentApplicationVersionId");
        }
        boolean current =
                token
                        ? body.get("ConditionalToken")
                                .equals(application.detail.get("ConditionalToken"))
                        : body.get("CurrentApplicationVersionId").asLong() == application.version();
        if (!current) {
            throw new FakeError(
                    "ConcurrentModificationException",
                    "The application was updated concurrently. Please refresh");
        }
    }

    static void demand(FakeApplication application, String what, String... states) {
        if (!List.of(states).contains(application.status())) {
            throw new FakeError(
                    "ResourceInUseException",
                    "Cannot "
                            + what
                            + " application "
                            + application.detail.get("ApplicationName").asText()
                            + " in "
                            + application.status()
                            + " state");
        }
    }

    static void checkRestore(FakeApplication application, JsonNode run) {
        JsonNode restore = run.path("ApplicationRestoreConfiguration");
        boolean custom =
                restore.path("ApplicationRestoreType")
                        .asText()
                        .equals("RESTORE_FROM_CUSTOM_SNAPSHOT");
        if (custom != restore.hasNonNull("SnapshotName")) {
            throw new FakeError(
                    "InvalidArgumentException", "A snapshot's name goes with a custom snapshot");
        }
        if (custom && !application.snapshots.containsKey(restore.get("SnapshotName").asText())) {
            throw new FakeError(
                    "ResourceNotFoundException",
                    "Snapshot " + restore.get("SnapshotName").asText() + " not found");
        }
    }
}
