package dev.tally.bench.wire;

import dev.tally.bench.engine.TallyEngine;
import dev.tally.bench.run.Scratch;
import dev.tally.bench.run.Setting;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Shape;
import dev.tally.source.client.AnswerReader;
import dev.tally.source.client.ChangePage;
import dev.tally.source.client.Wanted;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
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
 * A record out of the bytes of a stream page, nearly all with both images: by Tally to what its
 * source takes, with what the view reads and with everything, and by the SDK to its own objects.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DecodeLoop {

    private static final int CHANGES = 110_000;

    /** Behind the inserts. */
    private static final int PAGE = 170;

    private byte[] page;
    private Wanted wanted;
    private HttpResponseHandler<GetRecordsResponse> handler;

    /** The page is written and read as {@link PageServer} has it. */
    @Setup
    public void setUp() throws Exception {
        try (Scratch scratch = new Scratch()) {
            Pages.write(scratch.folder(), Changes.of(Shape.W1, CHANGES, 1), 1);
            page = Files.readAllBytes(Pages.file(scratch.folder(), 0, PAGE));
        }
        wanted =
                TallyEngine.wanted(
                        new Setting(Shape.W1, CHANGES, true, 1, true, 0, Setting.BUFFER_MEGABYTES));
        handler =
                AwsJsonProtocolFactory.builder()
                        .clientConfiguration(SdkClientConfiguration.builder().build())
                        .protocol(AwsJsonProtocol.AWS_JSON)
                        .protocolVersion("1.0")
                        .build()
                        .createResponseHandler(
                                JsonOperationMetadata.builder().isPayloadJson(true).build(),
                                GetRecordsResponse::builder);
    }

    @Benchmark
    @OperationsPerInvocation(Pages.RECORDS)
    public ChangePage whatTheViewReads() throws Exception {
        return AnswerReader.changes(page, wanted, 0);
    }

    @Benchmark
    @OperationsPerInvocation(Pages.RECORDS)
    public ChangePage everything() throws Exception {
        return AnswerReader.changes(page, Wanted.ALL, 0);
    }

    @Benchmark
    @OperationsPerInvocation(Pages.RECORDS)
    public GetRecordsResponse bySdk() throws Exception {
        SdkHttpFullResponse response =
                SdkHttpFullResponse.builder()
                        .statusCode(200)
                        .content(AbortableInputStream.create(new ByteArrayInputStream(page)))
                        .build();
        return handler.handle(response, new ExecutionAttributes());
    }
}
