package dev.tally.bench.wire;

import dev.tally.bench.engine.TallyEngine;
import dev.tally.bench.run.Contestant;
import dev.tally.bench.run.Figures;
import dev.tally.bench.run.FlinkJob;
import dev.tally.bench.run.Setting;
import dev.tally.bench.workload.Changes;
import dev.tally.change.ItemChange;
import dev.tally.codec.CodecType;
import dev.tally.source.DynamoDbSource;
import dev.tally.source.SourceOptions;
import dev.tally.source.client.AwsTableClients;
import dev.tally.source.client.ClientSettings;
import dev.tally.view.TableSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Tally from the bytes of a stream's pages to its rows: source, both stages, a sink that counts.
 */
public final class TallyWire implements Contestant {

    private static final int SHARDS = 16;

    private final boolean ownReading;

    /**
     * @param ownReading whether answers are read by Tally itself, or by the SDK
     */
    public TallyWire(boolean ownReading) {
        this.ownReading = ownReading;
    }

    @Override
    public Figures run(Changes changes, Setting setting, Path scratch) throws Exception {
        System.setProperty("aws.accessKeyId", "bench");
        System.setProperty("aws.secretAccessKey", "bench");
        Path folder = Files.createDirectory(scratch.resolve("pages"));
        int records = Pages.write(folder, changes, SHARDS);
        try (PageProcess pages = new PageProcess(folder, SHARDS)) {
            FlinkJob job = TallyEngine.job(setting, scratch);
            StreamExecutionEnvironment env = job.environment();
            ClientSettings settings = ClientSettings.of("eu-west-1", null, pages.endpoint(), null);
            DynamoDbSource source =
                    new DynamoDbSource(
                            table(),
                            new AwsTableClients(settings, ownReading),
                            SourceOptions.defaults(),
                            Map.of(),
                            TallyEngine.wanted(setting),
                            1,
                            null);
            CodecType<ItemChange> type = CodecType.of(ItemChange.class);
            TallyEngine.behind(
                    env.fromSource(source, WatermarkStrategy.noWatermarks(), "records", type)
                            .transform("gate", type, new Gate(records)),
                    setting);
            Figures figures = job.run(env, changes);
            return new Figures(
                            records,
                            figures.nanos(),
                            figures.cpuNanos(),
                            figures.groups(),
                            figures.wrong(),
                            figures.more())
                    .with("pageServerCpuMicros", pages.cpuNanos() / 1e3 / records);
        }
    }

    private static TableSpec table() {
        return new TableSpec(
                "items",
                "items",
                null,
                null,
                TableSpec.Start.TRIM_HORIZON,
                TableSpec.OnGap.FAIL,
                TableSpec.Reader.TALLY,
                0);
    }
}
