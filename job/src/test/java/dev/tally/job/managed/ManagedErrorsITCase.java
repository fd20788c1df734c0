package dev.tally.job.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.job.managed.ManagedScript.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Everything that can go wrong ends in one line that says why and what to do, and in its code. */
class ManagedErrorsITCase extends ManagedRun {

    @BeforeEach
    void beQuick() throws IOException {
        hurry();
    }

    @Test
    void whoCannotCallAtAll() throws Exception {
        refused("DescribeApplication", "", "aws: error: argument command: Invalid choice");
        fails(2, "too old", "Install AWS CLI", "status");
        refused("DescribeApplication", "", "Unable to locate credentials. Run aws configure.");
        fails(2, "no credentials", "aws configure", "status");
        refused("DescribeApplication", "ExpiredTokenException", "The token has expired");
        fails(2, "have expired", "aws sso login", "status");
        refused(
                "DescribeApplication",
                "AccessDeniedException",
                "User: u is not authorized to perform: kinesisanalytics:DescribeApplication on"
                        + " resource: "
                        + FakeAccount.arn("kinesisanalytics", "application/t"));
        fails(2, "you may not kinesisanalytics:DescribeApplication", "added", "status");
        fails(2, "there is none", "managed up", "scale", "--parallelism", "2");
    }

    @Test
    void whatCreationRefuses() throws Exception {
        String passRole =
                "User: u is not authorized to perform: iam:PassRole on resource: arn:aws:iam::"
                        + "123456789012:role/t";
        refused("CreateApplication", "AccessDeniedException", passRole);
        failsUp(2, "\"Action\":\"iam:PassRole\"", "kinesisanalytics.amazonaws.com");

        refused("CreateApplication", "InvalidArgumentException", "Unknown RuntimeEnvironment");
        failsUp(2, "does not know FLINK-1_20", "Install AWS CLI");

        // What a role that is too new gets; the role is old, so nobody waits for it.
        String fileKey = "Please check the role provided: unable to get the specified fileKey";
        refused("CreateApplication", "InvalidArgumentException", fileKey);
        failsUp(3, "the jar is there", "s3:GetObject");

        fake.account.rolesMade = Instant.now().toString();
        fake.fail("CreateApplication", "InvalidArgumentException", fileKey, 2);
        fake.forgetRequests();
        Said up = up();
        assertThat(up.code).as(up.toString()).isZero();
        assertThat(fake.requests("CreateApplication")).hasSize(3);
    }

    @Test
    void anotherApplicationOfThatName() throws Exception {
        FakeApplication theirs = fake.running(NAME);
        theirs.tags.clear();
        Said up = up();
        assertThat(up.code).as(up.toString()).isEqualTo(2);
        assertThat(up.talk).contains("not ok  application  it has no tag tally=t", "--name");
        fails(2, "no tag tally=t", "--name", "scale", "--parallelism", "2");
        assertThat(theirs.version()).isEqualTo(1);
    }

    @Test
    void whatAnUpdateRefuses() throws Exception {
        FakeApplication application = fake.running(NAME);
        fake.fail("UpdateApplication", "ConcurrentModificationException", "stale", 3);
        failsScale(3, "somebody else changes it", "try again");
        assertThat(fake.requests("UpdateApplication")).hasSize(3);

        fake.fail("UpdateApplication", "ResourceInUseException", "busy", 9);
        failsScale(3, "it is busy", "managed ops");
        fake.forgetFailures();

        refused("UpdateApplication", "CodeValidationException", "no");
        failsScale(2, "refuses the jar", "managed doctor");

        fake.flink.quota = 1;
        failsScale(3, "a quota is used up", "L-3A88E041");
        fake.flink.quota = 64;

        fake.fail("UpdateApplication", "ConcurrentModificationException", "stale", 1);
        application.status("AUTOSCALING");
        application.during("AUTOSCALING", () -> application.status("RUNNING"));
        Said scaled = script.run("scale", "--name", NAME, "--parallelism", "2");
        assertThat(scaled.code).as(scaled.toString()).isZero();
        assertThat(scaled.talk).contains("somebody else has changed it");
        assertThat(application.parallelism()).isEqualTo(2);
    }

    @Test
    void whatIsUnderWayIsWaitedFor() throws Exception {
        fake.flink.looks = 3;
        FakeApplication application = fake.running(NAME);
        application.during("AUTOSCALING", () -> application.status("RUNNING"));
        Said scaled = script.run("scale", "--name", NAME, "--parallelism", "2");
        assertThat(scaled.code).as(scaled.toString()).isZero();
        assertThat(scaled.talk).contains("is AUTOSCALING: waiting");

        fake.flink.looks = Integer.MAX_VALUE;
        FakeApplication stuck = fake.running("stuck");
        stuck.during("UPDATING", () -> {});
        Said late = script.run("scale", "--name", "stuck", "--parallelism", "2", "--timeout", "1");
        assertThat(late.code).as(late.toString()).isEqualTo(4);
        assertThat(late.why()).startsWith("cannot wait").contains("--timeout SECONDS");
    }

    @Test
    void whyAStartFails() throws Exception {
        FakeApplication application = fake.running(NAME);
        Map<String, List<String>> causes =
                Map.of(
                        "Not allowed configuration change(s) were detected: execution.checkpointing"
                                + ".unaligned",
                        List.of(
                                "execution.checkpointing.unaligned",
                                "only where the job runs locally"),
                        "Flink job did not start within a total timeout of 5 minutes",
                        List.of("more than five minutes", "managed logs"),
                        "java.lang.UnsupportedClassVersionError: dev/T has been compiled by a more"
                                + " recent version (class file version 61.0)",
                        List.of("class dev/T is of class version 61", "--release 11"),
                        "A linkage failure occurred",
                        List.of("Java 11", "managed doctor"),
                        "Cannot map checkpoint/savepoint state for operator 0a1b2c to the new"
                                + " program",
                        List.of("operator 0a1b2c", "--allow-non-restored-state"),
                        "org.apache.flink.util.StateMigrationException: The new state serializer"
                                + " must not be incompatible",
                        List.of("cannot read", "--with-its-jar"),
                        "The maximum parallelism (64) is lower than the parallelism (128)",
                        List.of("do not fit", "pipeline.max-parallelism"),
                        "Words that nobody has heard before",
                        List.of("AWS says: Words that nobody has heard before", "."));
        for (Map.Entry<String, List<String>> cause : causes.entrySet()) {
            application.status("READY");
            fake.flink.nextFailure = cause.getKey();
            List<String> said = cause.getValue();
            fails(3, said.get(0), said.get(1), "start");
        }
        fake.buckets.objects("tally-t-codebucket").clear();
        fails(3, "cannot read the jar", "managed doctor", "start");
    }

    @Test
    void aFailedUpdateIsUndoneByTheServiceOrNot() throws Exception {
        FakeApplication application = fake.running(NAME);
        fake.flink.nextFailure = "Cannot map checkpoint/savepoint state for operator 0a1b2c";
        failsScale(3, "operator 0a1b2c", "The version before (3) is RUNNING");
        assertThat(application.parallelism()).isEqualTo(1);
    }

    @Test
    void anUnhealthyJob() throws Exception {
        FakeApplication application = fake.running(NAME);
        application.restartLoop =
                "java.lang.RuntimeException: outer\n\tat dev.T.f(T.java:1)\n"
                        + "Caused by: java.lang.IllegalStateException: what began it";
        failsScale(1, "not healthy, so no snapshot", "stop --force");
        assertThat(fake.requests("UpdateApplication")).isEmpty();
        fails(1, "fails and starts again", "IllegalStateException: what began it", "start");
        Said status = script.run("status", "--name", NAME);
        assertThat(status.code).isEqualTo(1);
        assertThat(status.toString()).contains("job RESTARTING", "what began it");

        application.restartLoop = null;
        fake.flink.snapshotsFail = true;
        fails(1, "no snapshot can be taken", "first-failure", "snapshot");
    }

    @Test
    void snapshotsThatCannotBeHad() throws Exception {
        FakeApplication application = fake.running(NAME);
        fails(2, "no such snapshot", "managed snapshots", "restore", "nowhere", "--yes");
        application.snapshot("old", "READY", FakeFlink.now() - 25 * 3600);
        String views =
                Files.writeString(folder.resolve("views.yaml"), "tables:\n  T: { start: latest }\n")
                        .toString();
        fails(2, "25 h old", "--accept-gap", "restore", "old", "--yes", "--views", views);
        fails(2, "nobody was asked", "add --yes", "restore", "old", "--accept-gap");
        assertThat(application.starts).isEqualTo(1);
        application.snapshots.clear();
        refused("RollbackApplication", "UnsupportedOperationException", "no");
        fails(3, "does not offer that here", "RUNNING", "rollback", "--yes");
        deployStack();
        fails(2, "no enhanced snapshot", "managed restore old", "export", "old");
    }

    @Test
    void logsThatGoNowhere() throws Exception {
        FakeApplication application = fake.running(NAME);
        Said said = script.run("logs", "--name", NAME);
        assertThat(said.code).as(said.toString()).isZero();
        assertThat(fake.account.logs)
                .containsKey("/aws/kinesis-analytics/t")
                .allSatisfy((group, streams) -> assertThat(streams).containsExactly("application"));
        assertThat(application.detail.at("/CloudWatchLoggingOptionDescriptions/0/LogStreamARN"))
                .asString()
                .contains("log-group:/aws/kinesis-analytics/t:log-stream:application");
    }

    @Test
    void whatDoctorFinds() throws Exception {
        fake.account.denied.add("iam:PassRole");
        fails(2, "permissions", "mended", doctor());
        fake.account.denied.clear();
        fake.account.quota = 1;
        fails(2, "quota", "mended", doctor("--parallelism", "2"));
        fake.account.quota = 64;
        Said well = script.run(named(doctor()));
        assertThat(well.code).as(well.toString()).isZero();
        assertThat(fake.requests("CreateApplication")).isEmpty();
    }

    private String[] doctor(String... words) throws IOException {
        String[] all = new String[words.length + 5];
        all[0] = "doctor";
        all[1] = "--jar";
        all[2] = script.jar("first");
        all[3] = "--template";
        all[4] = template();
        System.arraycopy(words, 0, all, 5, words.length);
        return all;
    }

    private void deployStack() throws IOException {
        String body = Files.readString(Path.of(template()));
        Map<String, String> form =
                Map.of("StackName", "tally-t", "TemplateBody", body, "ChangeSetType", "CREATE");
        fake.query("cloudformation", "CreateChangeSet", form);
        fake.query("cloudformation", "ExecuteChangeSet", form);
    }

    private void refused(String operation, String code, String message) {
        fake.fail(operation, code, message, 1);
    }

    private Said up() throws Exception {
        return script.run("up", "--name", NAME, "--jar", script.jar("1"), "--template", template());
    }

    private void failsUp(int code, String why, String remedy) throws Exception {
        check(up(), code, why, remedy);
    }

    private void failsScale(int code, String why, String remedy) throws Exception {
        fake.forgetRequests();
        fails(code, why, remedy, "scale", "--parallelism", "2");
    }

    private void fails(int code, String why, String remedy, String... words) throws Exception {
        check(script.run(named(words)), code, why, remedy);
    }

    private static String[] named(String... words) {
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--name";
        all[words.length + 1] = NAME;
        return all;
    }

    private static void check(Said said, int code, String why, String remedy) {
        assertThat(said.code).as(said.toString()).isEqualTo(code);
        assertThat(said.why()).as(said.toString()).startsWith("cannot ").contains(why, remedy);
    }
}
