package dev.tally.job.managed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tally.job.managed.ManagedScript.Said;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The life of an application: the script and the installed AWS CLI against the fake service. */
class ManagedITCase extends ManagedRun {

    @Test
    void upDeployScaleSnapshotRestoreRollbackDown() throws Exception {
        assumeTrue(ManagedScript.there("aws"), "the AWS CLI is not installed");
        script.sparing();

        up(script.jar("first"));
        FakeApplication application = fake.flink.applications.get(NAME);
        String firstKey = key(application);

        deploy(application, script.jar("second"));
        String secondKey = key(application);
        assertThat(secondKey).startsWith("jars/tally-").isNotEqualTo(firstKey);

        done("scale", "--parallelism", "3");
        assertThat(application.parallelism()).isEqualTo(3);
        assertThat(application.version()).isEqualTo(3);

        done("snapshot", "by-hand");
        assertThat(application.snapshots.get("by-hand").get("ApplicationVersionId").asLong())
                .isEqualTo(3);

        String first = application.snapshots.keySet().iterator().next();
        done("restore", first, "--with-its-jar", "--yes");
        assertThat(application.restoredFrom).isEqualTo(first);
        assertThat(key(application)).isEqualTo(firstKey);
        assertThat(application.mayLoseState).isFalse();

        done("rollback", "--yes");
        assertThat(key(application)).isEqualTo(secondKey);
        assertThat(application.status()).isEqualTo("RUNNING");

        done("down", "--yes");
        assertThat(fake.flink.applications).isEmpty();
        assertThat(fake.stacks.stacks).isEmpty();
        assertThat(fake.requests("DeleteBucket")).hasSize(1);
    }

    private void up(String jar) throws Exception {
        done("up", "--jar", jar, "--template", template());
        FakeApplication application = fake.flink.applications.get(NAME);
        assertThat(application.status()).isEqualTo("RUNNING");
        assertThat(application.restoredFrom).isNull();
        assertThat(application.tags).containsEntry("tally", NAME);
        assertThat(application.rollbackEnabled()).isTrue();
        assertThat(application.snapshotsEnabled()).isTrue();
        JsonNode start = only("StartApplication").get("RunConfiguration");
        assertThat(start.at("/FlinkRunConfiguration/AllowNonRestoredState").isBoolean()).isTrue();
        assertThat(start.at("/ApplicationRestoreConfiguration/ApplicationRestoreType").asText())
                .isEqualTo("SKIP_RESTORE_FROM_SNAPSHOT");
        String stream =
                application
                        .detail
                        .at("/CloudWatchLoggingOptionDescriptions/0/LogStreamARN")
                        .asText();
        String group = stream.replaceAll(".*:log-group:(.*):log-stream:.*", "$1");
        assertThat(fake.account.logs.get(group)).contains(stream.replaceAll(".*:", ""));
        assertThat(application.checkpoints).as("looked for a checkpoint").isPositive();
    }

    private void deploy(FakeApplication application, String jar) throws Exception {
        done("deploy", "--jar", jar, "--template", template(), "--allow-dirty");
        JsonNode update = only("UpdateApplication");
        assertThat(update.get("ConditionalToken").asText()).isEqualTo("token-1");
        assertThat(update.at("/RunConfigurationUpdate/FlinkRunConfiguration/AllowNonRestoredState"))
                .hasToString("false");
        assertThat(only("CreateApplicationSnapshot").get("SnapshotName").asText())
                .startsWith("pre-");
        assertThat(application.version()).isEqualTo(2);
        assertThat(application.restoredFrom).startsWith("SYSTEMSNAPSHOT");
    }

    @Test
    void aSecondUpAndADryRunChangeNothing() throws Exception {
        script.quick();
        String jar = script.jar("first");
        Said nothing = done("up", "--dry-run", "--jar", jar, "--template", template());
        assertThat(nothing.out).contains("CreateApplication", "StartApplication", "PutObject");
        onlyLooked();
        done("up", "--jar", jar, "--template", template());

        Said said = done("up", "--jar", jar, "--template", template());
        assertThat(said.talk).contains("nothing has changed");
        for (String change :
                List.of(
                        "CreateApplication",
                        "UpdateApplication",
                        "StartApplication",
                        "PutObject")) {
            assertThat(fake.requests(change)).as(change).isEmpty();
        }

        String[] other = {"--jar", script.jar("second"), "--template", template(), "--allow-dirty"};
        Said deploy = done("deploy", with("--dry-run", other));
        assertThat(deploy.out).contains("UpdateApplication", "ConditionalToken", "\"token-1\"");
        onlyLooked();
        assertThat(done("down", "--dry-run").out)
                .contains("DeleteApplication", "DeleteStack", "DeleteObjects", "DeleteBucket");
        onlyLooked();

        // A stopped application takes no run configuration with its update, and is started after
        // it.
        FakeApplication application = fake.flink.applications.get(NAME);
        done("stop");
        assertThat(application.status()).isEqualTo("READY");
        done("deploy", other);
        assertThat(only("UpdateApplication").has("RunConfigurationUpdate")).isFalse();
        done("start");
        assertThat(application.status()).isEqualTo("RUNNING");
        assertThat(application.restoredFrom).isEqualTo("SYSTEMSNAPSHOT-0");
    }

    private static String[] with(String first, String... rest) {
        List<String> words = new ArrayList<>(List.of(rest));
        words.add(0, first);
        return words.toArray(new String[0]);
    }

    private void onlyLooked() {
        for (FakeRequest request : fake.requests()) {
            assertThat(request.operation).matches("(Describe|List|Get|Head|Simulate).*");
        }
    }

    @Test
    void lookingAtIt() throws Exception {
        script.quick();
        FakeApplication application = fake.running(NAME);
        fake.account.logs.put("/aws/kinesis-analytics/" + NAME, new TreeSet<>());
        for (String verb : List.of("scale", "snapshot", "rollback", "stop")) {
            String[] words =
                    verb.equals("scale") ? new String[] {"--parallelism", "2"} : new String[0];
            assertThat(done(verb, with("--dry-run", words)).out).contains("\"request\"");
            onlyLooked();
        }
        JsonNode status = done("status", "--json").json();
        assertThat(status.get("status").asText()).isEqualTo("RUNNING");
        assertThat(status.at("/job/healthy").asBoolean()).isTrue();
        assertThat(done("ui").out).contains(fake.endpoint + "/flinkdashboard?authToken=");
        assertThat(done("snapshots").out).contains("no snapshots");
        assertThat(done("ops").code).isZero();
        fake.account.lines.addObject().put("messageType", "ERROR").put("message", "it broke");
        assertThat(done("logs", "--errors").out).contains("it broke");
        assertThat(fake.requests("FilterLogEvents").get(0).get("filterPattern").asText())
                .contains("ERROR");
        application.stuck = true;
        application.checkpoints = 0;
        Said sick = script.run("status", "--name", NAME, "--json");
        assertThat(sick.code).as(sick.toString()).isEqualTo(1);
        assertThat(sick.json().at("/job/healthy").asBoolean(true)).isFalse();
    }

    private Said done(String verb, String... words) throws Exception {
        fake.forgetRequests();
        String[] all = new String[words.length + 3];
        System.arraycopy(words, 0, all, 3, words.length);
        all[0] = verb;
        all[1] = "--name";
        all[2] = NAME;
        Said said = script.run(all);
        assertThat(said.code).as(verb + ": " + said).isZero();
        return said;
    }

    private JsonNode only(String operation) {
        List<JsonNode> found = fake.requests(operation);
        assertThat(found).as(operation).hasSize(1);
        return found.get(0);
    }

    private static String key(FakeApplication application) {
        return application
                .configuration()
                .at(
                        "/ApplicationCodeConfigurationDescription/CodeContentDescription"
                                + "/S3ApplicationCodeLocationDescription/FileKey")
                .asText();
    }
}
