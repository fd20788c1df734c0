package dev.tally.job.managed;

/**
 * What a permission is about: a table, a stream, a role. Region and account are those of the stack
 * unless the views file names others.
 */
public final class Resource {

    private static final String OWN_PARTITION = "${AWS::Partition}";
    private static final String OWN_REGION = "${AWS::Region}";
    private static final String OWN_ACCOUNT = "${AWS::AccountId}";
    private static final int ARN_PARTS = 6;

    private final String partition;
    private final String service;
    private final String region;
    private final String account;
    private final String path;

    private Resource(String partition, String service, String region, String account, String path) {
        this.partition = partition;
        this.service = service;
        this.region = region;
        this.account = account;
        this.path = path;
    }

    /**
     * @param kind {@code table} or {@code stream}
     * @param name name or ARN
     * @param region null for that of the stack; an ARN has its own
     * @param roleArn role in whose account it is, or null
     */
    static Resource of(String service, String kind, String name, String region, String roleArn) {
        if (name.startsWith("arn:")) {
            return arn(name);
        }
        Resource role = roleArn == null ? null : arn(roleArn);
        return new Resource(
                role == null ? OWN_PARTITION : role.partition,
                service,
                region == null ? OWN_REGION : region,
                role == null ? OWN_ACCOUNT : role.account,
                kind + "/" + name);
    }

    static Resource arn(String arn) {
        String[] parts = arn.split(":", ARN_PARTS);
        return new Resource(parts[1], parts[2], parts[3], parts[4], parts[5]);
    }

    /** The same with more behind it: the streams of a table. */
    Resource below(String more) {
        return new Resource(partition, service, region, account, path + more);
    }

    /** Its ARN, for {@code Fn::Sub}. */
    public String arn() {
        return String.join(":", "arn", partition, service, region, account, path);
    }

    boolean isOfTheStack() {
        return region.equals(OWN_REGION) && account.equals(OWN_ACCOUNT);
    }

    /** The name alone, without the kind. */
    String name() {
        return path.substring(path.indexOf('/') + 1);
    }

    @Override
    public String toString() {
        String where = region.equals(OWN_REGION) || region.isEmpty() ? "" : " in " + region;
        String whose = account.equals(OWN_ACCOUNT) ? "" : " of account " + account;
        return path + where + whose;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Resource && ((Resource) o).arn().equals(arn());
    }

    @Override
    public int hashCode() {
        return arn().hashCode();
    }
}
