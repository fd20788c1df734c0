package dev.tally.source.reader;

import dev.tally.source.SourceOptions;
import dev.tally.source.TableUnusableException;
import dev.tally.source.client.ClientException;
import dev.tally.source.split.LostPosition;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/**
 * Counts what goes wrong with the calls of one split, and says when to call again; or ends the
 * task, by name. No failure ever ends a split.
 *
 * <p>A third reader ({@code READER_LIMIT}) hurts the table's other consumers, not only us: the pace
 * goes down to a call in {@link SourceOptions#READER_LIMIT_PACE} until a minute of calls went well,
 * and if that does not come within {@link SourceOptions#readerLimitStop()} the job stops.
 */
final class ReadFailures {

    private static final int GOOD_CALLS_TO_RECOVER = 12;

    private final Fetches fetches;
    private final String split;
    private int inARow;

    /** Of those in a row: since the service last answered anything at all. */
    private int errorsInARow;

    private boolean limited;
    private long limitedSince;
    private int goodCalls;

    ReadFailures(Fetches fetches, String split) {
        this.fetches = fetches;
        this.split = split;
    }

    /** A call went well. */
    void succeeded() {
        inARow = 0;
        errorsInARow = 0;
        if (limited && ++goodCalls >= GOOD_CALLS_TO_RECOVER) {
            limited = false;
        }
    }

    /** The least wait before the next call, whatever the last one gave. */
    long pace() {
        return limited ? SourceOptions.READER_LIMIT_PACE.toMillis() : 0;
    }

    /** Milliseconds to wait before the call is made again. */
    long again(ClientException error) {
        switch (error.kind()) {
            case THROTTLED:
                fetches.metrics().readsThrottled.inc();
                inARow++;
                errorsInARow = 0;
                return Math.max(pace(), fetches.backoff(inARow));
            case READER_LIMIT:
                return readerLimit(error);
            case TRANSIENT:
                fetches.metrics().retries.inc();
                inARow++;
                if (++errorsInARow > SourceOptions.RETRIES) {
                    throw new IllegalStateException(
                            "cannot read "
                                    + split
                                    + " of table "
                                    + fetches.table()
                                    + ": "
                                    + errorsInARow
                                    + " calls in a row have failed, the last with: "
                                    + error.getMessage(),
                            error);
                }
                return fetches.backoff(inARow);
            case ACCESS_DENIED:
                throw unusable(
                        error,
                        " Allow dynamodb:Scan on the table and dynamodb:GetShardIterator and"
                                + " dynamodb:GetRecords on its streams (table ARN + /stream/*).");
            default:
                throw unusable(error, "");
        }
    }

    private long readerLimit(ClientException error) {
        long now = fetches.now();
        fetches.metrics().readerLimits.inc();
        goodCalls = 0;
        if (!limited) {
            limited = true;
            limitedSince = now;
        }
        if (now - limitedSince >= fetches.options().readerLimitStop().toMillis()) {
            throw unusable(
                    error,
                    " A shard of a DynamoDB stream can be read by two processes at a time, and for "
                            + fetches.options().readerLimitStop().toMinutes()
                            + " minutes there have been more. Stop one of the other readers (Lambda"
                            + " triggers count), or give one of them a Kinesis data stream of the"
                            + " table instead.");
        }
        return pace();
    }

    /** The position is gone, unread changes are lost: what becomes of it, the enumerator says. */
    void lost(String why, long since) {
        fetches.metrics().lostPositions.inc();
        fetches.lost(new LostPosition(split + " has lost unread records: " + why, since));
    }

    private RuntimeException unusable(ClientException error, String whatToDo) {
        return new SuppressRestartsException(
                new TableUnusableException(
                        "cannot read "
                                + split
                                + " of table "
                                + fetches.table()
                                + ": "
                                + error.getMessage()
                                + whatToDo,
                        error));
    }
}
