package dev.tally.job;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;

/** Ends a job with a savepoint; without drain, which would tell every stage that all is over. */
final class Stop {

    private static final Duration LIMIT = Duration.ofMinutes(5);

    private Stop() {}

    /**
     * @return where the savepoint is
     * @throws UserError if there is none, with what can be done
     */
    static String withSavepoint(JobClient job, Path folder) {
        try {
            return job.stopWithSavepoint(
                            false, folder.toUri().toString(), SavepointFormatType.CANONICAL)
                    .get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new UserError(
                    "cannot stop the job with a savepoint in "
                            + folder
                            + ": "
                            + Errors.root(e).getMessage()
                            + ". Its last checkpoint can be restored with --from-savepoint.",
                    e);
        } catch (TimeoutException e) {
            throw new UserError(
                    "cannot stop the job with a savepoint in "
                            + folder
                            + ": it took longer than "
                            + LIMIT.toMinutes()
                            + " minutes.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the job stopped", e);
        }
    }
}
