package dev.tally.source.client;

import java.io.Serializable;
import java.net.URI;
import java.util.Objects;

/**
 * Where the AWS services are and who asks. Credentials come from the SDK's default chain only:
 * there is no place for them here.
 */
public final class ClientSettings implements Serializable {

    private static final long serialVersionUID = 1L;

    /** Everything from the environment. */
    public static final ClientSettings DEFAULT = new ClientSettings(null, null, null, null);

    private final String region;
    private final String roleArn;
    private final URI dynamoDbEndpoint;
    private final URI streamsEndpoint;

    private ClientSettings(
            String region, String roleArn, URI dynamoDbEndpoint, URI streamsEndpoint) {
        this.region = region;
        this.roleArn = roleArn;
        this.dynamoDbEndpoint = dynamoDbEndpoint;
        this.streamsEndpoint = streamsEndpoint;
    }

    /**
     * @param region null for the one of the environment
     * @param roleArn role to assume, or null
     * @param dynamoDbEndpoint null for the region's own
     * @param streamsEndpoint null for the one of DynamoDB if that is given, else the region's own
     */
    public static ClientSettings of(
            String region, String roleArn, URI dynamoDbEndpoint, URI streamsEndpoint) {
        return new ClientSettings(
                region,
                roleArn,
                dynamoDbEndpoint,
                streamsEndpoint == null ? dynamoDbEndpoint : streamsEndpoint);
    }

    /** Null for the one of the environment. */
    public String region() {
        return region;
    }

    /** Null for none. */
    public String roleArn() {
        return roleArn;
    }

    /** Null for the region's own. */
    public URI dynamoDbEndpoint() {
        return dynamoDbEndpoint;
    }

    /** Null for the region's own. */
    public URI streamsEndpoint() {
        return streamsEndpoint;
    }

    /** These settings, with what is given here instead. */
    public ClientSettings with(String otherRegion, String otherRoleArn) {
        return new ClientSettings(
                otherRegion == null ? region : otherRegion,
                otherRoleArn == null ? roleArn : otherRoleArn,
                dynamoDbEndpoint,
                streamsEndpoint);
    }

    @Override
    public boolean equals(Object o) {
        if (!(o instanceof ClientSettings)) {
            return false;
        }
        ClientSettings other = (ClientSettings) o;
        return Objects.equals(region, other.region)
                && Objects.equals(roleArn, other.roleArn)
                && Objects.equals(dynamoDbEndpoint, other.dynamoDbEndpoint)
                && Objects.equals(streamsEndpoint, other.streamsEndpoint);
    }

    @Override
    public int hashCode() {
        return Objects.hash(region, roleArn, dynamoDbEndpoint, streamsEndpoint);
    }

    @Override
    public String toString() {
        return "region " + region + ", role " + roleArn + ", endpoint " + dynamoDbEndpoint;
    }
}
