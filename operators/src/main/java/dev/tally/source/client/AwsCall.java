package dev.tally.source.client;

/** The calls that we make, with the permission that each needs. */
enum AwsCall {
    DESCRIBE_TABLE("describe", "dynamodb:DescribeTable"),
    SCAN("scan", "dynamodb:Scan"),
    GET_ITEM("read an item of", "dynamodb:GetItem"),
    DESCRIBE_STREAM("list the shards of", "dynamodb:DescribeStream"),
    SHARD_ITERATOR("take an iterator of", "dynamodb:GetShardIterator"),
    GET_RECORDS("read records of", "dynamodb:GetRecords");

    private final String verb;
    private final String permission;

    AwsCall(String verb, String permission) {
        this.verb = verb;
        this.permission = permission;
    }

    String verb() {
        return verb;
    }

    String permission() {
        return permission;
    }
}
