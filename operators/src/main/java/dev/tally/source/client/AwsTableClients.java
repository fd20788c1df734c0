package dev.tally.source.client;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.tally.source.client.ClientException.Kind;
import dev.tally.view.TableSpec;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.http.async.SdkAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.http.nio.netty.SdkEventLoopGroup;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.streams.DynamoDbStreamsAsyncClient;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Opens clients of real tables. A table's own region and role go before the settings; the region in
 * a table's ARN goes before both.
 */
public final class AwsTableClients implements TableClients {

    private static final long serialVersionUID = 1L;

    /** A page of 1 MB arrives in well under a second; what takes longer hangs. */
    private static final Duration CALL_LIMIT = Duration.ofSeconds(15);

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

    /** Concurrent requests of one client: shards of a subtask, and its segments. */
    private static final int MAX_REQUESTS = 256;

    private static final int LOOP_THREADS = 2;
    private static final long LOOP_QUIET_MS = 200;
    private static final long LOOP_LIMIT_MS = 5_000;

    private static final String SESSION = "tally";

    private final ClientSettings settings;
    private final boolean ownReading;

    public AwsTableClients(ClientSettings settings) {
        this(settings, true);
    }

    /**
     * @param ownReading false: the SDK reads answers of GetRecords too, with the same result; for
     *     comparison
     */
    public AwsTableClients(ClientSettings settings, boolean ownReading) {
        this.settings = Objects.requireNonNull(settings);
        this.ownReading = ownReading;
    }

    @Override
    public AwsTableClient open(TableSpec table) throws ClientException {
        return open(table, Wanted.ALL);
    }

    @Override
    public AwsTableClient open(TableSpec table, Wanted wanted) throws ClientException {
        ClientSettings own =
                settings.with(or(regionOf(table.tableName()), table.region()), table.roleArn());
        List<SdkAutoCloseable> owned = new ArrayList<>();
        try {
            return open(table.tableName(), own, credentials(own, owned), wanted, ownReading, owned);
        } catch (SdkClientException e) {
            owned.forEach(SdkAutoCloseable::close);
            throw new ClientException(
                    Kind.REFUSED,
                    "cannot open a client of table "
                            + table.tableName()
                            + ": "
                            + e.getMessage()
                            + " Give the table a region in the views file, or set AWS_REGION.",
                    e);
        }
    }

    static AwsTableClient open(
            String table,
            ClientSettings settings,
            AwsCredentialsProvider credentials,
            Wanted wanted,
            boolean ownReading,
            List<SdkAutoCloseable> owned) {
        // Of its own: closing the SDK's shared loop waits two seconds for calls that nobody makes.
        NioEventLoopGroup loop =
                new NioEventLoopGroup(LOOP_THREADS, new DefaultThreadFactory("tally-reads", true));
        owned.add(0, () -> loop.shutdownGracefully(LOOP_QUIET_MS, LOOP_LIMIT_MS, MILLISECONDS));
        SdkAsyncHttpClient http =
                NettyNioAsyncHttpClient.builder()
                        .eventLoopGroup(SdkEventLoopGroup.create(loop))
                        .maxConcurrency(MAX_REQUESTS)
                        .connectionTimeout(CONNECT_LIMIT)
                        .connectionAcquisitionTimeout(CALL_LIMIT)
                        .readTimeout(CALL_LIMIT)
                        .build();
        owned.add(0, http);
        DynamoDbAsyncClient tables =
                configured(
                                DynamoDbAsyncClient.builder(),
                                settings,
                                settings.dynamoDbEndpoint(),
                                credentials)
                        .httpClient(http)
                        .build();
        owned.add(0, tables);
        DynamoDbStreamsAsyncClient streams =
                configured(
                                DynamoDbStreamsAsyncClient.builder(),
                                settings,
                                settings.streamsEndpoint(),
                                credentials)
                        .httpClient(http)
                        .build();
        owned.add(0, streams);
        return new AwsTableClient(
                table, tables, streams, wanted, ownReading, owned, System::currentTimeMillis);
    }

    /** No retries: callers own their budgets, and must see each throttled call. */
    private static <B extends AwsClientBuilder<B, ?>> B configured(
            B builder, ClientSettings settings, URI endpoint, AwsCredentialsProvider credentials) {
        if (endpoint != null) {
            builder.endpointOverride(endpoint);
        }
        if (settings.region() != null) {
            builder.region(Region.of(settings.region()));
        }
        return builder.credentialsProvider(credentials)
                .overrideConfiguration(
                        change ->
                                change.addExecutionInterceptor(RawBody.INTERCEPTOR)
                                        .retryStrategy(AwsRetryStrategy.doNotRetry())
                                        .apiCallAttemptTimeout(CALL_LIMIT)
                                        .apiCallTimeout(CALL_LIMIT));
    }

    /** They are renewed by threads of the SDK, so that no call waits for that but the first. */
    private static AwsCredentialsProvider credentials(
            ClientSettings settings, List<SdkAutoCloseable> owned) {
        DefaultCredentialsProvider chain =
                DefaultCredentialsProvider.builder().asyncCredentialUpdateEnabled(true).build();
        owned.add(0, chain);
        if (settings.roleArn() == null) {
            return chain;
        }
        StsClientBuilder builder =
                StsClient.builder()
                        .credentialsProvider(chain)
                        .httpClientBuilder(ApacheHttpClient.builder());
        if (settings.region() != null) {
            builder.region(Region.of(settings.region()));
        }
        StsClient sts = builder.build();
        owned.add(0, sts);
        StsAssumeRoleCredentialsProvider role =
                StsAssumeRoleCredentialsProvider.builder()
                        .stsClient(sts)
                        .asyncCredentialUpdateEnabled(true)
                        .refreshRequest(
                                request ->
                                        request.roleArn(settings.roleArn())
                                                .roleSessionName(SESSION))
                        .build();
        owned.add(0, role);
        return role;
    }

    /** The region in a table's ARN; null for a name. */
    private static String regionOf(String table) {
        String[] parts = table.split(":", 6);
        return parts.length == 6 && parts[0].equals("arn") ? parts[3] : null;
    }

    private static String or(String first, String second) {
        return first == null ? second : first;
    }
}
