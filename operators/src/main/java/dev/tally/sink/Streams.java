package dev.tally.sink;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClientBuilder;
import software.amazon.awssdk.services.kinesis.model.ResourceInUseException;
import software.amazon.awssdk.services.kinesis.model.ResourceNotFoundException;
import software.amazon.awssdk.services.kinesis.model.StreamMode;
import software.amazon.awssdk.services.kinesis.waiters.KinesisAsyncWaiter;

/** Looks for Kinesis streams and creates them, at start and for local runs; every call blocks. */
public final class Streams implements AutoCloseable {

    private static final Duration ACTIVE_LIMIT = Duration.ofMinutes(2);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final int CONCURRENCY = 4;

    private final KinesisAsyncClient client;
    private final boolean local;

    /**
     * @param region null for the default of the machine
     * @param endpoint URL of the service, or null for AWS's own
     */
    public Streams(String region, String endpoint) {
        KinesisAsyncClientBuilder builder =
                KinesisAsyncClient.builder()
                        .httpClientBuilder(OwnLoop.builder(CONNECT_LIMIT, CONCURRENCY));
        if (region != null) {
            builder.region(Region.of(region));
        }
        if (endpoint != null) {
            builder.endpointOverride(URI.create(endpoint));
        }
        this.client = builder.build();
        this.local = endpoint != null;
    }

    /**
     * @throws TargetException if it cannot be described, with what to do
     */
    public boolean exists(String stream) {
        try {
            client.describeStreamSummary(
                            describe -> {
                                if (stream.startsWith("arn:")) {
                                    describe.streamARN(stream);
                                } else {
                                    describe.streamName(stream);
                                }
                            })
                    .join();
            return true;
        } catch (CompletionException e) {
            if (ServiceErrors.cause(e) instanceof ResourceNotFoundException) {
                return false;
            }
            throw ServiceErrors.named("describe stream " + stream, e);
        }
    }

    /** Creates a stream, on demand at AWS, and waits until it can be used. */
    public void create(String stream) {
        try {
            client.createStream(
                            create -> {
                                create.streamName(stream);
                                if (local) {
                                    create.shardCount(1);
                                } else {
                                    create.streamModeDetails(
                                            m -> m.streamMode(StreamMode.ON_DEMAND));
                                }
                            })
                    .join();
        } catch (CompletionException e) {
            if (!(ServiceErrors.cause(e) instanceof ResourceInUseException)) {
                throw ServiceErrors.named("create stream " + stream, e);
            }
        }
        try (KinesisAsyncWaiter waiter = client.waiter()) {
            waiter.waitUntilStreamExists(describe -> describe.streamName(stream))
                    .get(ACTIVE_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new TargetException(
                    "cannot create stream "
                            + stream
                            + ": it is not active after "
                            + ACTIVE_LIMIT.toSeconds()
                            + " s. Look at it in the console and start again.",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TargetException("cannot wait for stream " + stream + ": interrupted", e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
