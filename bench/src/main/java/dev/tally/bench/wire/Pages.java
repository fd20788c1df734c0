package dev.tally.bench.wire;

import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Names;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Answers of GetRecords as DynamoDB sends them, one file each, shard by shard: records of about 1.5
 * KB with both images of twelve attributes, of which the view reads three. Repeated deliveries of
 * the workload are left out: a stream has each record once.
 */
final class Pages {

    /** About a megabyte, where DynamoDB ends a page. */
    static final int RECORDS = 600;

    private static final long AGE_SECONDS = 3_600;

    private final Path folder;
    private final Changes changes;
    private final int shards;
    private final StringBuilder text = new StringBuilder();

    private Pages(Path folder, Changes changes, int shards) {
        this.folder = folder;
        this.changes = changes;
        this.shards = shards;
    }

    /**
     * Writes all pages into a folder; how many records they have.
     *
     * @param shards each item's records are in one of them
     */
    static int write(Path folder, Changes changes, int shards) throws IOException {
        Pages pages = new Pages(folder, changes, shards);
        int records = 0;
        for (int shard = 0; shard < shards; shard++) {
            records += pages.shard(shard);
        }
        return records;
    }

    /** Where a page is, whether there is one or not. */
    static Path file(Path folder, int shard, int page) {
        return folder.resolve(shard + "-" + page + ".json");
    }

    private int shard(int shard) throws IOException {
        int records = 0;
        int page = 0;
        int ofPage = 0;
        for (int i = 0; i < changes.size(); i++) {
            if (changes.item(i) % shards != shard || changes.sequence(i) != i) {
                continue;
            }
            text.append(ofPage == 0 ? "{\"Records\":[" : ",");
            record(i);
            records++;
            if (++ofPage == RECORDS) {
                end(shard, page++);
                ofPage = 0;
            }
        }
        if (ofPage > 0) {
            end(shard, page);
        }
        return records;
    }

    private void end(int shard, int page) throws IOException {
        text.append("],\"NextShardIterator\":\"").append(shard).append('/').append(page + 1);
        text.append("\"}");
        Path file = file(folder, shard, page);
        Files.write(file, text.toString().getBytes(StandardCharsets.UTF_8));
        text.setLength(0);
    }

    private void record(int i) {
        int previous = changes.previous(i);
        boolean removed = changes.group(i) == Changes.REMOVED;
        long time = System.currentTimeMillis() / 1000 - AGE_SECONDS;
        text.append("{\"eventID\":\"").append("c4ca4238a0b923820dcc").append(1_000_000_000L + i);
        text.append("\",\"eventName\":\"");
        text.append(removed ? "REMOVE" : previous == Changes.NONE ? "INSERT" : "MODIFY");
        text.append("\",\"eventVersion\":\"1.1\",\"eventSource\":\"aws:dynamodb\",");
        text.append("\"awsRegion\":\"eu-west-1\",\"dynamodb\":{");
        text.append("\"ApproximateCreationDateTime\":").append(time).append(".0,\"Keys\":{");
        attribute("id", "S", Names.item(changes.item(i)));
        text.append("},");
        if (!removed) {
            text.append("\"NewImage\":");
            image(i);
            text.append(',');
        }
        if (previous != Changes.NONE) {
            text.append("\"OldImage\":");
            image(previous);
            text.append(',');
        }
        text.append("\"SequenceNumber\":\"4000000000000").append(1_000_000_000L + i);
        text.append("\",\"SizeBytes\":1210,\"StreamViewType\":\"NEW_AND_OLD_IMAGES\"}}");
    }

    private void image(int i) {
        text.append('{');
        attribute("id", "S", Names.item(changes.item(i)));
        text.append(',');
        attribute("list", "S", Names.group(changes.group(i)));
        text.append(',');
        attribute("amount", "N", Long.toString(changes.measured(i)));
        text.append(',');
        attribute("customer", "S", Names.customer(changes.customer(i)));
        text.append(',');
        attribute("title", "S", "Buy milk, bread and something for the \\\"picnic\\\" on Sunday");
        text.append(',');
        attribute("note", "S", "caf\u00e9 ".repeat(18) + i);
        text.append(',');
        attribute("createdAt", "S", "2026-11-24T19:00:00.000Z");
        text.append(',');
        attribute("updatedAt", "N", Long.toString(changes.time(i)));
        text.append(",\"done\":{\"BOOL\":").append((i & 1) == 0).append("},");
        text.append("\"tags\":{\"SS\":[\"errands\",\"family\",\"weekend\"]},");
        text.append("\"address\":{\"M\":{\"street\":{\"S\":\"Lindenallee 17\"},");
        text.append("\"city\":{\"S\":\"Hamburg\"},\"zip\":{\"S\":\"20095\"}}},");
        attribute("version", "N", Integer.toString(i));
        text.append('}');
    }

    private void attribute(String name, String type, String value) {
        text.append('"').append(name).append("\":{\"").append(type).append("\":\"");
        text.append(value).append("\"}");
    }
}
