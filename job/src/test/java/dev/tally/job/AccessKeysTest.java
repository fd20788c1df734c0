package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A key in any configuration is refused at start: one line, exit code 2, without the key. */
class AccessKeysTest {

    private static final String SECRET = "wJalrXUtnFEMIhidden";
    private static final String ID = "AKIAIOSFODNN7EXAMPLE";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aws.accessKeyId",
                "aws.secretAccessKey",
                "aws.secretKey",
                "aws.sessionToken",
                "aws.credentials.provider.basic.accesskeyid",
                "aws.credentials.provider.basic.secretkey",
                "dynamodb.access-key"
            })
    void onTheCommandLine(String name) {
        assertThat(mistakes("check", "-D" + name + "=" + SECRET))
                .startsWith("cannot use the key '" + name + "' of the command line: it holds an")
                .contains("AWS_ACCESS_KEY_ID");
    }

    @Test
    void inAValueOfAnotherName() {
        assertThat(mistakes("check", "-Dregion=" + ID)).contains("'region' of the command line");
        String endpoint = "http://" + SECRET + ":x@127.0.0.1:8000";
        assertThat(mistakes("check", "-Ddynamodb.endpoint=" + endpoint))
                .contains("'dynamodb.endpoint' of the command line");
    }

    @Test
    void inPipelineYaml(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("pipeline.yaml");
        Files.write(file, List.of("region: us-east-1", "aws: { secretKey: " + SECRET + " }"));
        assertThat(mistakes("check", "--pipeline", file.toString()))
                .contains("'aws.secretKey' of " + file);

        Files.write(file, List.of("region: us-east-1", "aws.secretKey: " + SECRET + ": x"));
        assertThat(mistakes("check", "--pipeline", file.toString()))
                .startsWith("cannot use " + file + ":2:");
    }

    @Test
    void inRuntimeProperties(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("application_properties.json");
        Files.writeString(
                file,
                "[{\"PropertyGroupId\": \"tally\", \"PropertyMap\": {\"aws.accessKeyId\": \""
                        + SECRET
                        + "\"}}]");
        assertThat(mistakes("check", "--application-properties", file.toString()))
                .contains("'aws.accessKeyId' of group tally of " + file);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "s3.access-key",
                "s3.secret-key",
                "fs.s3a.access.key",
                "fs.s3a.secret.key",
                "fs.s3a.session.token",
                "containerized.master.env.AWS_SECRET_ACCESS_KEY"
            })
    void inFlinksConfiguration(String name) {
        assertRefused(name, SECRET);
    }

    @Test
    void inOptionsOfFlinksJvms() {
        assertRefused("env.java.opts.all", "-Xmx1g -Daws.secretKey=" + SECRET);
        assertRefused("pipeline.global-job-parameters", "a:" + ID);
    }

    @Test
    void andWhatOnlySoundsAlikeIsNot() {
        AccessKeys.refuse(
                Map.of(
                        "security.ssl.internal.key-password", "secret",
                        "state.checkpoints.dir", "s3://bucket/a@b",
                        "aws.credentials.provider", "AUTO"),
                "Flink's configuration");
    }

    private static void assertRefused(String name, String value) {
        Configuration flink = new Configuration();
        flink.setString(name, value);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment(flink);
        assertThatThrownBy(() -> Pipeline.build(env, null, null))
                .isInstanceOf(UserError.class)
                .hasMessageContaining("'" + name + "' of Flink's configuration")
                .hasMessageNotContaining(SECRET)
                .hasMessageNotContaining(ID);
    }

    private static String mistakes(String... arguments) {
        ByteArrayOutputStream errors = new ByteArrayOutputStream();
        PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
        int code = Main.exitCode(arguments, System.out, err);
        String text = errors.toString(StandardCharsets.UTF_8);
        assertThat(code).as(text).isEqualTo(2);
        assertThat(text.lines()).hasSize(1);
        assertThat(text).doesNotContain(SECRET).doesNotContain(ID);
        return text;
    }
}
