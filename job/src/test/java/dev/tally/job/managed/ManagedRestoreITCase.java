package dev.tally.job.managed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.tally.job.managed.ManagedScript.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Back to a snapshot: with which jar, and how old it may be. And what the stack needs for it. */
class ManagedRestoreITCase extends ManagedRun {

    private static final int HOURS_TOO_OLD = 25;
    private static final int SECONDS_OF_HOUR = 3600;
    private static final int MORE_THAN_A_TEMPLATE = 60_000;

    @BeforeEach
    void beQuick() throws IOException {
        hurry();
    }

    @Test
    void theJarThatMadeTheSnapshotComesBackOnlyWhenAskedFor() throws Exception {
        up(template(), script.jar("first"));
        FakeApplication application = fake.flink.applications.get(NAME);
        String first = code(application);
        done("snapshot", "of-first");
        done("deploy", "--jar", script.jar("second"), "--template", template(), "--allow-dirty");
        String second = code(application);
        assertThat(second).isNotEqualTo(first);

        done("restore", "of-first", "--yes");
        assertThat(application.restoredFrom).isEqualTo("of-first");
        assertThat(code(application)).isEqualTo(second);

        Said back = done("restore", "of-first", "--with-its-jar", "--yes");
        assertThat(back.talk).contains("with the jar of version 1: " + first);
        assertThat(application.restoredFrom).isEqualTo("of-first");
        assertThat(code(application)).isEqualTo(first);
        assertThat(fake.requests("UpdateApplication")).as("one restart").hasSize(1);

        // Of a stopped one the code is changed first, and the start restores.
        done("deploy", "--jar", script.jar("second"), "--template", template(), "--allow-dirty");
        done("stop");
        done("restore", "of-first", "--with-its-jar", "--yes");
        assertThat(code(application)).isEqualTo(first);
        assertThat(application.restoredFrom).isEqualTo("of-first");
        assertThat(application.status()).isEqualTo("RUNNING");
    }

    @Test
    void whatAStreamNoLongerKeepsIsNotSkippedUnasked() throws Exception {
        String failing = views("  T: { name: t, on-gap: fail }", "  U: { name: u }");
        FakeApplication application = running(failing);
        application.snapshot("old", "READY", FakeFlink.now() - HOURS_TOO_OLD * SECONDS_OF_HOUR);
        application.snapshot("young", "READY", FakeFlink.now() - SECONDS_OF_HOUR);

        Said refused = restore("old", failing);
        assertThat(refused.code).as(refused.toString()).isEqualTo(2);
        assertThat(refused.why())
                .startsWith("cannot restore application t: snapshot old is 25 h old")
                .contains("and T would stop at the gap", "on-gap: resnapshot", "--accept-gap");
        assertThat(fake.requests("UpdateApplication")).isEmpty();

        assertThat(restore("young", failing).code).isZero();
        assertThat(application.restoredFrom).isEqualTo("young");

        Said accepted = restore("old", failing, "--accept-gap");
        assertThat(accepted.code).as(accepted.toString()).isZero();
        assertThat(accepted.talk).contains("changes between are lost");
        assertThat(application.restoredFrom).isEqualTo("old");
    }

    @Test
    void everyTableThatHealsMayGoBackFurther() throws Exception {
        String healing =
                views("  T: { name: t, start: latest, on-gap: resnapshot }", "  U: { name: u }");
        FakeApplication application = running(healing);
        application.snapshot("old", "READY", FakeFlink.now() - HOURS_TOO_OLD * SECONDS_OF_HOUR);
        Said restored = restore("old", healing);
        assertThat(restored.code).as(restored.toString()).isZero();
        assertThat(restored.talk).contains("every table is read anew");
        assertThat(application.restoredFrom).isEqualTo("old");
    }

    @Test
    void aTemplateThatIsTooLargeGoesThroughABucket() throws Exception {
        String large =
                Files.writeString(
                                folder.resolve("large.yaml"),
                                Files.readString(Path.of(template()))
                                        + "#".repeat(MORE_THAN_A_TEMPLATE))
                        .toString();
        String jar = script.jar("first");
        Said plan = done("up", "--dry-run", "--jar", jar, "--template", large);
        assertThat(plan.out)
                .contains("CreateBucket", "tally-123456789012-us-east-1-templates", "TemplateURL")
                .doesNotContain("TemplateBody");
        assertThat(fake.requests("CreateBucket")).isEmpty();

        up(large, jar);
        JsonNode made = fake.requests("CreateBucket").get(0);
        assertThat(made.get("Bucket").asText()).isEqualTo("tally-123456789012-us-east-1-templates");
        assertThat(fake.requests("PutPublicAccessBlock").get(0).findValues("BlockPublicPolicy"))
                .hasToString("[true]");
        assertThat(fake.stacks.stacks).containsKey("tally-t");

        up(large, jar);
        assertThat(fake.requests("CreateBucket")).isEmpty();
    }

    private void up(String template, String jar) throws Exception {
        done("up", "--jar", jar, "--template", template);
    }

    private FakeApplication running(String views) throws Exception {
        done("up", "--jar", script.jar("first"), "--template", template(), "--views", views);
        return fake.flink.applications.get(NAME);
    }

    private Said restore(String snapshot, String views, String... more) throws Exception {
        fake.forgetRequests();
        return script.run(
                Stream.concat(
                                Stream.of(
                                        "restore", snapshot, "--name", NAME, "--yes", "--views",
                                        views),
                                Stream.of(more))
                        .toArray(String[]::new));
    }

    private Said done(String verb, String... words) throws Exception {
        fake.forgetRequests();
        Said said =
                script.run(
                        Stream.concat(Stream.of(verb, "--name", NAME), Stream.of(words))
                                .toArray(String[]::new));
        assertThat(said.code).as(verb + ": " + said).isZero();
        return said;
    }

    private String views(String... tables) throws IOException {
        String lines = "tables:\n" + String.join("\n", tables) + "\n";
        return Files.writeString(folder.resolve("views.yaml"), lines).toString();
    }

    private static String code(FakeApplication application) {
        return application
                .configuration()
                .at(
                        "/ApplicationCodeConfigurationDescription/CodeContentDescription"
                                + "/S3ApplicationCodeLocationDescription/FileKey")
                .asText();
    }
}
