package dev.tally.sink;

import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.Protocol;
import software.amazon.awssdk.http.async.AsyncExecuteRequest;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.utils.AttributeMap;

/**
 * The SDK's HTTP client on an event loop of its own. With the SDK's shared loop, closing the last
 * client waits two seconds for calls that nobody makes any more, while a failed task is to be
 * restarted; here it does not wait.
 */
final class OwnLoop implements SdkAsyncHttpClient {

    private static final int THREADS = 2;
    private static final long QUIET_MILLIS = 200;
    private static final long LIMIT_MILLIS = 5_000;

    /** Daemons, as the SDK's own: a client left open keeps no process alive. */
    private final NioEventLoopGroup loop =
            new NioEventLoopGroup(THREADS, new DefaultThreadFactory("tally-calls", true));

    private final SdkAsyncHttpClient http;

    private OwnLoop(Duration connectLimit, int concurrency, AttributeMap defaults) {
        this.http =
                NettyNioAsyncHttpClient.builder()
                        .eventLoopGroup(SdkEventLoopGroup.create(loop))
                        .maxConcurrency(concurrency)
                        .connectionTimeout(connectLimit)
                        .protocol(Protocol.HTTP1_1)
                        .buildWithDefaults(defaults);
    }

    /** For a client that is to own it. */
    static SdkAsyncHttpClient.Builder<?> builder(Duration connectLimit, int concurrency) {
        return new Builder(connectLimit, concurrency);
    }

    @Override
    public CompletableFuture<Void> execute(AsyncExecuteRequest request) {
        return http.execute(request);
    }

    @Override
    public String clientName() {
        return http.clientName();
    }

    @Override
    public void close() {
        http.close();
        loop.shutdownGracefully(QUIET_MILLIS, LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }

    private static final class Builder implements SdkAsyncHttpClient.Builder<Builder> {
        private final Duration connectLimit;
        private final int concurrency;

        private Builder(Duration connectLimit, int concurrency) {
            this.connectLimit = connectLimit;
            this.concurrency = concurrency;
        }

        @Override
        public SdkAsyncHttpClient buildWithDefaults(AttributeMap defaults) {
            return new OwnLoop(connectLimit, concurrency, defaults);
        }
    }
}
