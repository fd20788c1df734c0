package dev.tally.bench.wire;

import dev.tally.bench.engine.TallyEngine;
import dev.tally.bench.run.Setting;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Shape;
import dev.tally.source.client.AnswerReader;
import dev.tally.source.client.Wanted;
import java.io.ByteArrayInputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import software.amazon.awssdk.core.client.config.SdkClientConfiguration;
import software.amazon.awssdk.core.http.HttpResponseHandler;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.protocols.json.AwsJsonProtocol;
import software.amazon.awssdk.protocols.json.AwsJsonProtocolFactory;
import software.amazon.awssdk.protocols.json.JsonOperationMetadata;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;

/**
 * Microseconds of one thread for a record out of the bytes of a page: by us to what the source
 * takes, with what the view reads and with everything, and by the SDK to its own objects. In turns;
 * the least of each counts, as everything else only takes time away.
 */
final class DecodeOnly {

    private static final int CHANGES = 130_000;
    private static final int INSERTS = 100_000;
    private static final int TURNS = 12;

    private interface Way {
        int records(byte[] page) throws Exception;
    }

    private DecodeOnly() {}

    public static void main(String[] args) throws Exception {
        List<byte[]> pages = pages();
        Setting setting = new Setting(Shape.W1, CHANGES, true, 1, true, 0, 0);
        Wanted wanted = TallyEngine.wanted(setting);
        HttpResponseHandler<GetRecordsResponse> handler = handler();
        List<Way> ways =
                List.of(
                        page -> AnswerReader.changes(page, wanted, 0).changes().size(),
                        page -> AnswerReader.changes(page, Wanted.ALL, 0).changes().size(),
                        page -> handler.handle(response(page), none()).records().size());
        List<String> names = List.of("wanted", "all", "sdk");
        double[] least = {1e9, 1e9, 1e9};
        for (int turn = 0; turn < TURNS; turn++) {
            for (int way = 0; way < least.length; way++) {
                least[way] = Math.min(least[way], micros(ways.get(way), pages));
            }
        }
        for (int way = 0; way < least.length; way++) {
            System.out.printf(
                    Locale.ROOT,
                    "%-7s %6.2f us a record, %,.0f a second%n",
                    names.get(way),
                    least[way],
                    1e6 / least[way]);
        }
    }

    /** Of updates: nearly all have both images. */
    private static List<byte[]> pages() throws Exception {
        Path folder = Files.createTempDirectory("tally-bench");
        Pages.write(folder, Changes.of(Shape.W1, CHANGES, 1), 1);
        List<byte[]> pages = new ArrayList<>();
        for (int page = 0; Files.exists(Pages.file(folder, 0, page)); page++) {
            if (page * Pages.RECORDS >= INSERTS) {
                pages.add(Files.readAllBytes(Pages.file(folder, 0, page)));
            }
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
        return pages;
    }

    private static double micros(Way way, List<byte[]> pages) throws Exception {
        long begun = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        int records = 0;
        for (byte[] page : pages) {
            records += way.records(page);
        }
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - begun;
        return nanos / 1e3 / records;
    }

    private static HttpResponseHandler<GetRecordsResponse> handler() {
        return AwsJsonProtocolFactory.builder()
                .clientConfiguration(SdkClientConfiguration.builder().build())
                .protocol(AwsJsonProtocol.AWS_JSON)
                .protocolVersion("1.0")
                .build()
                .createResponseHandler(
                        JsonOperationMetadata.builder().isPayloadJson(true).build(),
                        GetRecordsResponse::builder);
    }

    private static SdkHttpFullResponse response(byte[] page) {
        return SdkHttpFullResponse.builder()
                .statusCode(200)
                .content(AbortableInputStream.create(new ByteArrayInputStream(page)))
                .build();
    }

    private static ExecutionAttributes none() {
        return new ExecutionAttributes();
    }
}
