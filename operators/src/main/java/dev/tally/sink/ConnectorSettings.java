package dev.tally.sink;

import java.io.Serializable;
import java.util.Properties;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;

/**
 * Where Apache's connectors find a service, and as whom they write. Credentials come from the
 * default chain of the machine that runs the task.
 */
public final class ConnectorSettings implements Serializable {

    private static final long serialVersionUID = 1L;

    private final String region;
    private final String roleArn;
    private final String endpoint;

    /**
     * @param region null for the one of an ARN, or the default of the machine
     * @param roleArn role to assume, or null
     * @param endpoint URL of the service, or null for AWS's own; a local one is spoken to in
     *     HTTP/1.1
     */
    public ConnectorSettings(String region, String roleArn, String endpoint) {
        this.region = region;
        this.roleArn = roleArn;
        this.endpoint = endpoint;
    }

    /**
     * For a connector, on the machine where it runs.
     *
     * @param resource name or ARN of what is written to
     */
    Properties properties(String resource) {
        Properties properties = new Properties();
        properties.setProperty("aws.region", region(resource));
        if (endpoint != null) {
            properties.setProperty("aws.endpoint", endpoint);
            properties.setProperty("aws.http.protocol.version", "HTTP1_1");
        }
        if (roleArn == null) {
            properties.setProperty("aws.credentials.provider", "AUTO");
        } else {
            properties.setProperty("aws.credentials.provider", "ASSUME_ROLE");
            properties.setProperty("aws.credentials.provider.role.arn", roleArn);
            properties.setProperty("aws.credentials.provider.role.sessionName", "tally");
            properties.setProperty("aws.credentials.provider.role.provider", "AUTO");
        }
        return properties;
    }

    private String region(String resource) {
        if (region != null) {
            return region;
        }
        if (isArn(resource)) {
            return resource.split(":", 6)[3];
        }
        try {
            return DefaultAwsRegionProviderChain.builder().build().getRegion().id();
        } catch (SdkClientException e) {
            throw new IllegalStateException(
                    "cannot write to "
                            + resource
                            + ": no region is configured. Name one in views.yaml or set"
                            + " AWS_REGION.",
                    e);
        }
    }

    static boolean isArn(String resource) {
        return resource.startsWith("arn:");
    }
}
