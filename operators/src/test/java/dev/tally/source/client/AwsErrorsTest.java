package dev.tally.source.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.source.client.ClientException.Kind;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.sts.model.StsException;

/** Which error asks for which reaction, and what its sentence says. */
class AwsErrorsTest {

    private static final String TABLE = "table todoListTask";

    private static DynamoDbException service(String code, int status) {
        return (DynamoDbException)
                DynamoDbException.builder()
                        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
                        .statusCode(status)
                        .requestId("R1")
                        .build();
    }

    @ParameterizedTest
    @CsvSource({
        "GET_RECORDS,     ExpiredIteratorException,               400, EXPIRED_ITERATOR",
        "GET_RECORDS,     TrimmedDataAccessException,             400, TRIMMED",
        "SHARD_ITERATOR,  TrimmedDataAccessException,             400, TRIMMED",
        "GET_RECORDS,     LimitExceededException,                 400, READER_LIMIT",
        "DESCRIBE_STREAM, LimitExceededException,                 400, THROTTLED",
        "GET_RECORDS,     ThrottlingException,                    400, THROTTLED",
        "SCAN,            ProvisionedThroughputExceededException, 400, THROTTLED",
        "SCAN,            RequestLimitExceeded,                   400, THROTTLED",
        "DESCRIBE_TABLE,  ResourceNotFoundException,              400, NOT_FOUND",
        "SHARD_ITERATOR,  ResourceNotFoundException,              400, NOT_FOUND",
        "SCAN,            AccessDeniedException,                  400, ACCESS_DENIED",
        "SCAN,            UnrecognizedClientException,            400, ACCESS_DENIED",
        "SCAN,            ExpiredTokenException,                  400, ACCESS_DENIED",
        "SCAN,            MissingAuthenticationToken,             403, ACCESS_DENIED",
        "SCAN,            RequestTimeTooSkewed,                   403, TRANSIENT",
        "SCAN,            InternalServerError,                    500, TRANSIENT",
        "SCAN,            ServiceUnavailable,                     503, TRANSIENT",
        "SCAN,            ValidationException,                    400, REFUSED",
        "SCAN,            SomethingNew,                           400, REFUSED",
    })
    void areClassedByTheirCode(AwsCall call, String code, int status, Kind kind) {
        ClientException failure = AwsErrors.of(call, TABLE, service(code, status));

        assertThat(failure.kind()).isEqualTo(kind);
        assertThat(failure)
                .hasMessageStartingWith("cannot " + call.verb() + " " + TABLE + ": ")
                .hasMessageEndingWith("(" + code + ", request R1).");
    }

    @Test
    void nameThePermissionThatIsMissing() {
        assertThat(AwsErrors.of(AwsCall.SCAN, TABLE, service("AccessDeniedException", 400)))
                .hasMessage(
                        "cannot scan table todoListTask: access is denied. Check the credentials,"
                                + " and that they allow the action dynamodb:Scan"
                                + " (AccessDeniedException, request R1).");
    }

    @Test
    void ofTheRoleNameTheRole() {
        ClientException failure =
                AwsErrors.of(
                        AwsCall.SCAN,
                        TABLE,
                        StsException.builder()
                                .awsErrorDetails(
                                        AwsErrorDetails.builder().errorCode("AccessDenied").build())
                                .statusCode(403)
                                .build());

        assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
        assertThat(failure).hasMessageContaining("sts:AssumeRole");
    }

    @Test
    void onTheWayPass() {
        for (Throwable thrown :
                new Throwable[] {
                    ApiCallTimeoutException.create(15_000),
                    SdkClientException.create("x", new IOException("reset")),
                    SdkClientException.create("x", new UnknownHostException("nowhere")),
                    new CompletionException(new TimeoutException())
                }) {
            assertThat(AwsErrors.of(AwsCall.SCAN, TABLE, thrown).kind()).isEqualTo(Kind.TRANSIENT);
        }
    }

    @Test
    void withoutCredentialsSayHowToGiveThem() {
        ClientException failure =
                AwsErrors.of(
                        AwsCall.DESCRIBE_TABLE,
                        TABLE,
                        SdkClientException.create(
                                "Unable to load credentials from any of the providers"));

        assertThat(failure.kind()).isEqualTo(Kind.ACCESS_DENIED);
        assertThat(failure).hasMessageContaining("AWS_ACCESS_KEY_ID");
    }

    @Test
    void ofThisProgramAreRefused() {
        ClientException failure =
                AwsErrors.of(AwsCall.SCAN, TABLE, new IllegalArgumentException("bug"));

        assertThat(failure.kind()).isEqualTo(Kind.REFUSED);
        assertThat(failure).hasMessageContaining("IllegalArgumentException in this program");
    }
}
