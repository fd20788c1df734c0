package dev.tally.source.client;

import dev.tally.item.ValuelessCause;
import dev.tally.source.client.ClientException.Kind;
import java.io.IOException;
import java.net.UnknownHostException;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * Classes what a call failed with by what the caller has to do, and says it in a sentence.
 *
 * <p>Unknown service errors are refused, not retried: an error that nobody knows must be seen.
 */
final class AwsErrors {

    /** Of requests that came too fast; the SDK knows others, but not all of these. */
    private static final Set<String> THROTTLING =
            Set.of(
                    "ProvisionedThroughputExceededException",
                    "ThrottlingException",
                    "RequestLimitExceeded",
                    "LimitExceededException");

    private static final Set<String> DENIED =
            Set.of(
                    "AccessDeniedException",
                    "AccessDenied",
                    "UnrecognizedClientException",
                    "InvalidClientTokenId",
                    "MissingAuthenticationToken",
                    "MissingAuthenticationTokenException",
                    "IncompleteSignature",
                    "IncompleteSignatureException",
                    "InvalidSignatureException",
                    "SignatureDoesNotMatch",
                    "AuthFailure",
                    "NotAuthorized",
                    "OptInRequired");

    private static final Set<String> EXPIRED_CREDENTIALS =
            Set.of("ExpiredToken", "ExpiredTokenException", "RequestExpired");

    private AwsErrors() {}

    /**
     * @param object what the call is about, such as {@code table todoListTask}
     */
    static ClientException of(AwsCall call, String object, Throwable thrown) {
        Throwable cause = thrown;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        if (cause instanceof ClientException) {
            return (ClientException) cause;
        }
        if (cause instanceof StsException) {
            return ofRole(call, object, (StsException) cause);
        }
        if (cause instanceof AwsServiceException) {
            return ofService(call, object, (AwsServiceException) cause);
        }
        return ofClient(call, object, cause);
    }

    private static ClientException ofService(
            AwsCall call, String object, AwsServiceException error) {
        String code = code(error);
        switch (code) {
            case "ExpiredIteratorException":
                return failure(Kind.EXPIRED_ITERATOR, call, object, "its iterator expired", error);
            case "TrimmedDataAccessException":
                return failure(
                        Kind.TRIMMED,
                        call,
                        object,
                        "the records at this position are older than 24 hours and gone",
                        error);
            case "ResourceNotFoundException":
            case "TableNotFoundException":
                return failure(
                        Kind.NOT_FOUND,
                        call,
                        object,
                        "there is none (any more). Check its name, the region and the account",
                        error);
            default:
                break;
        }
        if (code.equals("LimitExceededException") && call == AwsCall.GET_RECORDS) {
            return failure(
                    Kind.READER_LIMIT,
                    call,
                    object,
                    "more than two processes read the same shard. Stop one of them, or let it read"
                            + " a Kinesis stream of the table",
                    error);
        }
        if (error.isClockSkewException()) {
            String skewed = "this machine's clock differs from the service's. Correct the clock";
            return failure(Kind.TRANSIENT, call, object, skewed, error);
        }
        if (THROTTLING.contains(code) || error.isThrottlingException()) {
            return failure(Kind.THROTTLED, call, object, "the service throttles", error);
        }
        if (EXPIRED_CREDENTIALS.contains(code)) {
            String expired = "the credentials have expired. Renew them";
            return failure(Kind.ACCESS_DENIED, call, object, expired, error);
        }
        if (DENIED.contains(code)) {
            String denied =
                    "access is denied. Check the credentials, and that they allow the action "
                            + call.permission();
            return failure(Kind.ACCESS_DENIED, call, object, denied, error);
        }
        if (error.statusCode() >= 500 || code.startsWith("InternalServerError")) {
            return failure(Kind.TRANSIENT, call, object, "the service failed", error);
        }
        return failure(Kind.REFUSED, call, object, "the service refuses the request", error);
    }

    /** The role is taken on the way to the call, so its errors come out of the call. */
    private static ClientException ofRole(AwsCall call, String object, StsException error) {
        boolean passes = error.statusCode() >= 500 || error.isThrottlingException();
        String why =
                passes
                        ? "the role cannot be assumed now"
                        : "the role cannot be assumed. Check its trust policy, and that the"
                                + " credentials allow the action sts:AssumeRole";
        return failure(passes ? Kind.TRANSIENT : Kind.ACCESS_DENIED, call, object, why, error);
    }

    private static ClientException ofClient(AwsCall call, String object, Throwable cause) {
        if (cause instanceof ApiCallTimeoutException
                || cause instanceof ApiCallAttemptTimeoutException
                || has(cause, TimeoutException.class)) {
            return failure(Kind.TRANSIENT, call, object, "no answer in time", cause);
        }
        if (has(cause, UnknownHostException.class)) {
            String host = "its host is unknown. Check the region, the endpoint and the network";
            return failure(Kind.TRANSIENT, call, object, host, cause);
        }
        if (cause instanceof AnswerException) {
            return failure(Kind.TRANSIENT, call, object, cause.getMessage(), cause);
        }
        if (has(cause, IOException.class)) {
            String broken = "the connection failed. Check that the endpoint can be reached";
            return failure(Kind.TRANSIENT, call, object, broken, cause);
        }
        String message = String.valueOf(cause.getMessage());
        if (cause instanceof SdkClientException && message.contains("credentials")) {
            String none =
                    "no credentials found. Give the process a role, a profile or the variables"
                            + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY";
            return failure(Kind.ACCESS_DENIED, call, object, none, cause);
        }
        if (cause instanceof SdkClientException && ((SdkClientException) cause).retryable()) {
            return failure(Kind.TRANSIENT, call, object, "the request failed on its way", cause);
        }
        String why = cause.getClass().getSimpleName() + " in this program";
        return failure(Kind.REFUSED, call, object, why, cause);
    }

    private static boolean has(Throwable thrown, Class<? extends Throwable> type) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (type.isInstance(cause)) {
                return true;
            }
        }
        return false;
    }

    private static ClientException failure(
            Kind kind, AwsCall call, String object, String why, Throwable cause) {
        StringBuilder message = new StringBuilder("cannot ");
        message.append(call.verb()).append(' ').append(object).append(": ").append(why);
        if (cause instanceof AwsServiceException) {
            AwsServiceException error = (AwsServiceException) cause;
            message.append(" (").append(code(error)).append(", request ");
            message.append(error.requestId()).append(')');
        }
        String sentence = message.append('.').toString();
        return new ClientException(kind, sentence, ValuelessCause.of(cause));
    }

    private static String code(AwsServiceException error) {
        String code = error.awsErrorDetails() == null ? null : error.awsErrorDetails().errorCode();
        return code == null ? "status " + error.statusCode() : code;
    }
}
