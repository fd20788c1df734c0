package dev.tally.sink;

import dev.tally.item.ValuelessCause;
import java.util.Set;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/** What an error of the service means for whoever called. */
final class ServiceErrors {

    private static final Set<String> THROTTLES =
            Set.of(
                    "ProvisionedThroughputExceededException",
                    "ThrottlingException",
                    "RequestLimitExceeded",
                    "LimitExceededException",
                    "TransactionConflictException",
                    "ReplicatedWriteConflictException");
    private static final Set<String> REFUSALS =
            Set.of(
                    "ValidationException",
                    "SerializationException",
                    "ItemCollectionSizeLimitExceededException");
    private static final Set<String> DENIALS =
            Set.of(
                    "AccessDeniedException",
                    "UnrecognizedClientException",
                    "MissingAuthenticationTokenException");

    private ServiceErrors() {}

    /** The error without the wrappers of futures. */
    static Throwable cause(Throwable error) {
        Throwable cause = error;
        while (cause instanceof CompletionException && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** The service's name of the error, or the class of one that is not the service's. */
    static String code(Throwable error) {
        Throwable cause = cause(error);
        if (cause instanceof AwsServiceException
                && ((AwsServiceException) cause).awsErrorDetails() != null) {
            return ((AwsServiceException) cause).awsErrorDetails().errorCode();
        }
        return cause.getClass().getSimpleName();
    }

    static boolean notFound(Throwable error) {
        return code(error).equals("ResourceNotFoundException");
    }

    static boolean denied(Throwable error) {
        return DENIALS.contains(code(error));
    }

    /**
     * The meaning of an error other than a failed condition. Whatever is not known as the service's
     * own refusal may have had its effect: it is of unknown outcome.
     *
     * @param action for messages: {@code write to table todoTaskCount (view task-count)}
     */
    static Outcome outcome(String action, Throwable error) {
        String code = code(error);
        if (THROTTLES.contains(code)) {
            return Outcome.because(Outcome.Kind.THROTTLED, code);
        }
        if (REFUSALS.contains(code)) {
            return Outcome.because(Outcome.Kind.REFUSED, code + ": " + message(error));
        }
        if (notFound(error) || denied(error)) {
            return Outcome.because(Outcome.Kind.BROKEN, named(action, error).getMessage());
        }
        return Outcome.because(Outcome.Kind.UNKNOWN, code);
    }

    /** Says what could not be done and what to do. */
    static TargetException named(String action, Throwable error) {
        String why;
        if (notFound(error)) {
            why = "the table does not exist. Create it, or start with --create-tables.";
        } else if (denied(error)) {
            why =
                    "permission is denied ("
                            + message(error)
                            + "). Allow it in the IAM policy of the role that runs Tally; `check`"
                            + " prints the policy.";
        } else {
            why = code(error) + ": " + message(error);
        }
        return new TargetException(
                "cannot " + action + ": " + why, ValuelessCause.of(cause(error)));
    }

    /**
     * Texts about permissions and missing things name resources; others may quote what was sent, or
     * how it was signed.
     */
    private static String message(Throwable error) {
        Throwable cause = cause(error);
        if (!(cause instanceof AwsServiceException)
                || ((AwsServiceException) cause).awsErrorDetails() == null) {
            return cause instanceof SdkClientException
                    ? cause.getMessage()
                    : "the log has the place";
        }
        AwsServiceException service = (AwsServiceException) cause;
        boolean namesResources =
                denied(error) || notFound(error) || THROTTLES.contains(code(error));
        return namesResources ? service.awsErrorDetails().errorMessage() : Refusal.reason(service);
    }
}
