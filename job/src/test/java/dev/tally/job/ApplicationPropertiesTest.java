package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is missing in runtime properties is named by file, group and key, in one line. */
class ApplicationPropertiesTest {

    @TempDir private Path folder;
    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("application_properties.json");
    }

    @Test
    void onlyTheGroupOfTallyIsRead() throws IOException {
        write(
                "[{'PropertyGroupId': 'other', 'PropertyMap': {'region': 'a'}},"
                        + " {'PropertyGroupId': 'tally', 'PropertyMap': {'views.uri': 's3://b/k',"
                        + " 'region': 'eu-west-1'}}]");

        assertThat(ApplicationProperties.read(file).values())
                .isEqualTo(Map.of("views.uri", "s3://b/k", "region", "eu-west-1"));
    }

    @Test
    void noneAreNotWanted() {
        ApplicationProperties none =
                ApplicationProperties.of(CommandLine.parse(new String[] {"run"}));

        assertThat(none.exist()).isFalse();
        assertThat(none.values()).isEmpty();
    }

    @Test
    void aMissingFileIsNamed() {
        assertThat(mistake()).contains(file.toString(), "no such file", "--application-properties");
    }

    @Test
    void brokenJsonIsNamedByPlaceAndNotQuoted() throws IOException {
        write("[{'PropertyGroupId': 'tally',\n 'PropertyMap': {'views.uri': secret }}]");

        assertThat(mistake()).contains("line 2, column ").doesNotContain("secret");

        write("[{'PropertyGroupId': 'tally', 'PropertyMap': {'views.uri': 'a'");
        assertThat(mistake()).contains("line 1");

        write("");
        assertThat(mistake()).contains("no array");

        write("[] []");
        assertThat(mistake()).contains("line 1");
    }

    @Test
    void aKeyThatIsThereTwiceIsNoAccident() throws IOException {
        write(
                "[{'PropertyGroupId': 'tally', 'PropertyMap':"
                        + " {'views.uri': 'a', 'views.uri': 'b'}}]");

        assertThat(mistake()).contains("line 1", "twice");
    }

    @Test
    void aMissingGroupIsNamedBesideThoseThatAreThere() throws IOException {
        write("[{'PropertyGroupId': 'Tally', 'PropertyMap': {'views.uri': 'a'}}]");

        assertThat(mistake()).contains("no group tally", "[Tally]");

        write("{'tally': {'views.uri': 'a'}}");
        assertThat(mistake()).contains("no array", "PropertyGroupId");

        write("[{'PropertyGroupId': 'tally'}]");
        assertThat(mistake()).contains("the group tally has no PropertyMap");

        String group = "{'PropertyGroupId': 'tally', 'PropertyMap': {'views.uri': 'a'}}";
        write("[" + group + "," + group + "]");
        assertThat(mistake()).contains("group tally is there twice");
    }

    @Test
    void aMissingKeyIsNamedWithItsGroup() throws IOException {
        write("[{'PropertyGroupId': 'tally', 'PropertyMap': {'region': 'eu-west-1'}}]");

        assertThat(mistake()).contains("group tally of " + file, "the key 'views.uri' is missing");
    }

    @Test
    void aKeyThatIsNotThereIsNamedWithItsGroup() throws IOException {
        write("[{'PropertyGroupId': 'tally', 'PropertyMap': {'view.uri': 'a'}}]");

        assertThat(mistake()).contains("'view.uri' of group tally of " + file, "views.uri");
    }

    /** The service refuses them too. */
    @Test
    void emptyValuesAndOthersThanTextAreNamed() throws IOException {
        for (String value : List.of("''", "3", "true", "null", "['a']")) {
            write("[{'PropertyGroupId': 'tally', 'PropertyMap': {'region': " + value + "}}]");

            assertThat(mistake()).contains("'region' of group tally", "1 to 2,048 characters");
        }
    }

    /** Every mistake of the file that {@code managed} sends would be one on the service. */
    @Test
    void theOneOfTheProjectIsGood() {
        Path file = SourceTree.root().resolve("flink-conf/application_properties.json");

        PipelineConfig config =
                PipelineConfig.load(
                        CommandLine.parse(
                                new String[] {
                                    "run",
                                    "--application-properties",
                                    file.toString(),
                                    "--views",
                                    SourceTree.root().resolve("flink-conf/views.yaml").toString()
                                }));

        assertThat(config.isManaged()).isTrue();
        assertThat(ApplicationProperties.read(file).values()).containsKey("views.uri");
    }

    private void write(String json) throws IOException {
        Files.writeString(file, json.replace('\'', '"'));
    }

    private String mistake() {
        UserError error =
                catchThrowableOfType(
                        UserError.class,
                        () ->
                                PipelineConfig.load(
                                        CommandLine.parse(
                                                new String[] {
                                                    "check",
                                                    "--application-properties",
                                                    file.toString()
                                                })));
        assertThat(error).isNotNull();
        assertThat(error.getMessage()).startsWith("cannot ").doesNotContain("\n");
        return error.getMessage();
    }
}
