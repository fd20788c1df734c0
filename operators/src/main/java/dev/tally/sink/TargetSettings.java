package dev.tally.sink;

import java.io.Serializable;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClientBuilder;
import software.amazon.awssdk.services.sts.StsClient;
import software.amazon.awssdk.services.sts.StsClientBuilder;
import software.amazon.awssdk.services.sts.auth.StsAssumeRoleCredentialsProvider;

/** How a target is reached: region, role to assume, endpoint; each null for the SDK's default. */
public final class TargetSettings implements Serializable {

    private static final long serialVersionUID = 1L;

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(3);
    private static final String SESSION = "tally";

    private final String region;
    private final String roleArn;
    private final String endpoint;

    /**
     * @param endpoint URL of the service; null for AWS's own
     */
    public TargetSettings(String region, String roleArn, String endpoint) {
        this.region = region;
        this.roleArn = roleArn;
        this.endpoint = endpoint;
    }

    public String region() {
        return region;
    }

    public String roleArn() {
        return roleArn;
    }

    public String endpoint() {
        return endpoint;
    }

    /**
     * A client that does not retry by itself: a repeat must come under the caller's eyes, who knows
     * that the first attempt may still land.
     *
     * @param attemptLimit after which a call counts as of unknown outcome
     * @param concurrency most calls at a time
     */
    DynamoDbAsyncClient open(Duration attemptLimit, int concurrency) {
        DynamoDbAsyncClientBuilder builder =
                DynamoDbAsyncClient.builder()
                        .overrideConfiguration(
                                override ->
                                        override.retryStrategy(AwsRetryStrategy.doNotRetry())
                                                .apiCallAttemptTimeout(attemptLimit))
                        .httpClientBuilder(OwnLoop.builder(CONNECT_LIMIT, concurrency));
        if (endpoint != null) {
            builder.endpointOverride(URI.create(endpoint));
        }
        if (region != null) {
            builder.region(Region.of(region));
        }
        if (roleArn != null) {
            builder.credentialsProvider(assumed());
        }
        return builder.build();
    }

    private AwsCredentialsProvider assumed() {
        StsClientBuilder sts =
                StsClient.builder()
                        .credentialsProvider(DefaultCredentialsProvider.builder().build())
                        .httpClientBuilder(ApacheHttpClient.builder());
        if (region != null) {
            sts.region(Region.of(region));
        }
        return StsAssumeRoleCredentialsProvider.builder()
                .stsClient(sts.build())
                .asyncCredentialUpdateEnabled(true)
                .refreshRequest(request -> request.roleArn(roleArn).roleSessionName(SESSION))
                .build();
    }

    /** These settings with the region of the table's ARN, if it is one and not just a name. */
    public TargetSettings forTable(String table) {
        String[] parts = table.split(":", 6);
        boolean arn = parts.length == 6 && parts[0].equals("arn");
        return arn ? new TargetSettings(parts[3], roleArn, endpoint) : this;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof TargetSettings
                && Objects.equals(((TargetSettings) o).region, region)
                && Objects.equals(((TargetSettings) o).roleArn, roleArn)
                && Objects.equals(((TargetSettings) o).endpoint, endpoint);
    }

    @Override
    public int hashCode() {
        return Objects.hash(region, roleArn, endpoint);
    }
}
