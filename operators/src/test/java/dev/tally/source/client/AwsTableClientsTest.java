package dev.tally.source.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.view.TableSpec;
import java.net.URI;
import java.util.concurrent.CompletionException;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

/** Opening clients, without a service to talk to. */
class AwsTableClientsTest {

    private static final URI NOBODY = URI.create("http://127.0.0.1:1");

    private static TableSpec table(String name, String region, String roleArn) {
        return new TableSpec(
                "tasks",
                name,
                region,
                roleArn,
                TableSpec.Start.SNAPSHOT,
                TableSpec.OnGap.FAIL,
                TableSpec.Reader.TALLY,
                0);
    }

    @Test
    void survivesACopyThroughBytes() throws Exception {
        AwsTableClients clients =
                InstantiationUtil.clone(
                        new AwsTableClients(ClientSettings.of("eu-west-1", null, NOBODY, null)));

        clients.open(table("todoListTask", null, null)).close();
    }

    @Test
    void takesTheRegionOfAnArnAndARole() throws Exception {
        String arn = "arn:aws:dynamodb:eu-central-1:123456789012:table/todoListTask";
        String role = "arn:aws:iam::123456789012:role/reader";

        new AwsTableClients(ClientSettings.DEFAULT).open(table(arn, null, role)).close();
    }

    @Test
    void aServiceThatIsNotThereIsTransient() throws Exception {
        AwsTableClients clients =
                new AwsTableClients(ClientSettings.of("eu-west-1", null, NOBODY, null));
        try (TableClient client = clients.open(table("todoListTask", null, null))) {
            client.describeTable().join();
            throw new AssertionError("the call succeeded");
        } catch (CompletionException e) {
            ClientException failure = (ClientException) e.getCause();
            assertThat(failure.kind()).isEqualTo(ClientException.Kind.TRANSIENT);
            assertThat(failure)
                    .hasMessage(
                            "cannot describe table todoListTask: the connection failed. Check that"
                                    + " the endpoint can be reached.");
        }
    }

    @Test
    void settingsOfTheTableGoFirst() {
        ClientSettings settings = ClientSettings.of("eu-west-1", "role", NOBODY, null);

        assertThat(settings.streamsEndpoint()).isEqualTo(NOBODY);
        assertThat(settings.with(null, null)).isEqualTo(settings).hasSameHashCodeAs(settings);
        assertThat(settings.with("us-east-1", "other").region()).isEqualTo("us-east-1");
        assertThat(settings.with("us-east-1", "other").roleArn()).isEqualTo("other");
    }
}
