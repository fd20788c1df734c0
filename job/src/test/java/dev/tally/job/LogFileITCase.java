package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The requests of a web server's log, one item each: per host their number, the sum and the largest
 * of their bytes, and how many URLs. Half are there before the start, half come after.
 */
class LogFileITCase {

    private static final List<String> COLUMNS =
            List.of(
                    "requestid",
                    "host",
                    "date",
                    "hourofday",
                    "timezone",
                    "method",
                    "url",
                    "responsecode",
                    "bytessent",
                    "useragent");

    private static final Set<String> NUMBERS = Set.of("responsecode", "bytessent");
    private static final int GENERATED = 2_000;
    private static final KeySchema KEY = KeySchema.of(new KeySchema.Attribute("PK", Value.Type.S));

    @Test
    void aggregatesRequestsPerHost(@TempDir Path folder) throws Exception {
        List<Map<String, String>> requests = requests();
        TestTable log = new TestTable("log-requests", KEY);
        int half = requests.size() / 2;
        requests.subList(0, half).forEach(request -> log.put(item(request)));
        try (TestJob job =
                TestJob.of(
                        folder,
                        "tables: { requests: { name: log-requests } }",
                        "views:",
                        "  per-host:",
                        "    table: requests",
                        "    group-by: [GSI_1_PK]",
                        "    measures:",
                        "      Requests: count",
                        "      Bytes: { sum: bytessent }",
                        "      Largest: { max: bytessent }",
                        "      Urls: { count-distinct: url }",
                        "    to: { table: log-hosts }")) {
            job.start(2);
            requests.subList(half, requests.size()).forEach(request -> log.put(item(request)));
            job.awaitExact();
            job.stop();
            TestJob.Verdict verdict = job.verify();
            assertThat(verdict.text())
                    .contains("a recount of " + requests.size() + " items, all equal");
            assertThat(verdict.code()).isZero();
        }
        assertThat(rows()).isEqualTo(recount(requests));
    }

    private static Map<String, List<Long>> rows() {
        Map<String, List<Long>> rows = new TreeMap<>();
        for (Map<String, AttributeValue> row :
                LocalDynamoDb.shared().client().scan(scan -> scan.tableName("log-hosts")).items()) {
            List<Long> values = new ArrayList<>();
            for (String measure : List.of("Requests", "Bytes", "Largest", "Urls")) {
                values.add(Long.parseLong(row.get(measure).n()));
            }
            rows.put(row.get("GSI_1_PK").s(), values);
        }
        return rows;
    }

    private static Map<String, List<Long>> recount(List<Map<String, String>> requests) {
        Map<String, long[]> sums = new HashMap<>();
        Map<String, Set<String>> urls = new HashMap<>();
        for (Map<String, String> request : requests) {
            String host = "host#" + request.get("host");
            long bytes = Long.parseLong(request.get("bytessent"));
            long[] sum = sums.computeIfAbsent(host, h -> new long[3]);
            sum[0]++;
            sum[1] += bytes;
            sum[2] = Math.max(sum[2], bytes);
            urls.computeIfAbsent(host, h -> new HashSet<>()).add(request.get("url"));
        }
        Map<String, List<Long>> rows = new TreeMap<>();
        sums.forEach(
                (host, sum) ->
                        rows.put(
                                host,
                                List.of(sum[0], sum[1], sum[2], (long) urls.get(host).size())));
        return rows;
    }

    private static Item item(Map<String, String> request) {
        Map<String, Value> item = new TreeMap<>();
        request.forEach(
                (column, text) ->
                        item.put(
                                column,
                                NUMBERS.contains(column) ? Value.number(text) : Value.text(text)));
        item.put("PK", Value.text("request#" + request.get("requestid")));
        item.put("GSI_1_PK", Value.text("host#" + request.get("host")));
        return Item.of(item);
    }

    /** A real log where it is at hand, beside the project; else one of the same shape. */
    private static List<Map<String, String>> requests() throws IOException {
        Path file = SourceTree.root().resolve("../shared/data/logfile_stream.csv").normalize();
        List<Map<String, String>> requests = new ArrayList<>();
        if (!Files.exists(file)) {
            Random random = new Random(1);
            for (int i = 0; i < GENERATED; i++) {
                requests.add(generated(4_001 + i, random));
            }
            return requests;
        }
        for (String line : Files.readAllLines(file)) {
            requests.add(named(fields(line)));
        }
        return requests;
    }

    private static Map<String, String> generated(int id, Random random) {
        return named(
                List.of(
                        "" + id,
                        "66.249.67." + (int) Math.abs(random.nextGaussian() * 40),
                        "2009-07-21",
                        "0" + random.nextInt(10),
                        "GMT-0700",
                        "GET",
                        "/gallery/main.php?g2_itemId=" + random.nextInt(400),
                        random.nextInt(20) == 0 ? "404" : "200",
                        "" + random.nextInt(70_000),
                        "Mozilla/5.0 (compatible; Googlebot/2.1)"));
    }

    private static Map<String, String> named(List<String> fields) {
        Map<String, String> request = new TreeMap<>();
        for (int i = 0; i < COLUMNS.size(); i++) {
            request.put(COLUMNS.get(i), fields.get(i));
        }
        return request;
    }

    /** Comma separated; a field in quotes may hold commas, and a quote written twice. */
    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        StringBuilder field = new StringBuilder();
        boolean quoted = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && quoted && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                field.append(c);
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && !quoted) {
                fields.add(field.toString());
                field.setLength(0);
            } else {
                field.append(c);
            }
        }
        fields.add(field.toString());
        return fields;
    }
}
