package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;

/** The service quotes what it refuses; our sentences, and what they are caused by, do not. */
class ServiceErrorsTest {

    private static final String ACTION = "write a row to table counts (view v)";

    private static DynamoDbException service(String code, String text) {
        return (DynamoDbException)
                DynamoDbException.builder()
                        .awsErrorDetails(
                                AwsErrorDetails.builder()
                                        .serviceName("DynamoDb")
                                        .errorCode(code)
                                        .errorMessage(text)
                                        .build())
                        .message(text)
                        .statusCode(400)
                        .requestId("R1")
                        .build();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ValidationException",
                "SerializationException",
                "InvalidSignatureException",
                "SomethingNew"
            })
    void showNoTextThatMayQuoteValues(String code) {
        DynamoDbException error = service(code, "cannot convert to a number: secret-4711");

        TargetException named = ServiceErrors.named(ACTION, error);
        assertThat(named).hasMessageContaining(code).hasMessageContaining("request R1");
        StringWriter trace = new StringWriter();
        named.printStackTrace(new PrintWriter(trace));
        assertThat(trace.toString())
                .doesNotContain("secret-4711")
                .contains("Caused by")
                .contains(DynamoDbException.class.getName());
        String reason = ServiceErrors.outcome(ACTION, error).reason();
        assertThat(reason).startsWith(code).doesNotContain("secret-4711");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Item size to update has exceeded the maximum allowed size | larger than DynamoDB",
                "Type mismatch for key ListId expected: S actual: N        | type than the table's",
                "Type mismatch for Index Key ListId Expected: S Actual: N  | key of an index",
                "Size of hashkey has exceeded the maximum size limit of2048| longer than DynamoDB",
                "An AttributeValue may not contain an empty string         | a key is empty",
                "The provided key element does not match the schema        | not that of the table"
            })
    void sayInOurWordsWhatIsKnown(String text, String ours) {
        assertThat(ServiceErrors.outcome(ACTION, service("ValidationException", text)).reason())
                .startsWith("ValidationException: ")
                .contains(ours)
                .endsWith("(request R1)");
    }

    @Test
    void keepTheTextAboutPermissionsWhichNamesResources() {
        String text = "User: u is not authorized to perform: dynamodb:UpdateItem on resource: t";

        assertThat(ServiceErrors.named(ACTION, service("AccessDeniedException", text)))
                .hasMessageContaining(text);
    }
}
