package dev.tally.bench.engine;

import dev.tally.aggregate.GroupStage;
import dev.tally.aggregate.StageOptions;
import dev.tally.bench.run.ChangesSource;
import dev.tally.bench.run.Contestant;
import dev.tally.bench.run.Figures;
import dev.tally.bench.run.FlinkJob;
import dev.tally.bench.run.Setting;
import dev.tally.bench.run.TotalsSink;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Totals;
import dev.tally.change.ItemChange;
import dev.tally.codec.CodecType;
import dev.tally.diff.Diffs;
import dev.tally.diff.ItemStage;
import dev.tally.diff.ItemStageSpec;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import dev.tally.source.client.Wanted;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.Membership;
import dev.tally.view.Row;
import dev.tally.view.ViewSpec;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Tally's two keyed stages, with the settings that it ships, between the bench's source and sink.
 */
public final class TallyEngine implements Contestant {

    @Override
    public Figures run(Changes changes, Setting setting, Path scratch) throws Exception {
        FlinkJob job = job(setting, scratch);
        StreamExecutionEnvironment env = job.environment();
        ItemChanges.prepare(changes);
        behind(
                env.fromSource(
                        new ChangesSource<>(new ItemChanges()),
                        WatermarkStrategy.noWatermarks(),
                        "changes",
                        CodecType.of(ItemChange.class)),
                setting);
        return job.run(env, changes);
    }

    /** With the settings that Tally ships. */
    public static FlinkJob job(Setting setting, Path scratch) {
        FlinkJob job = new FlinkJob(setting, scratch);
        job.configuration().set(PipelineOptions.GENERIC_TYPES, false);
        return job;
    }

    /** Both stages and the sink. */
    public static void behind(DataStream<ItemChange> changes, Setting setting) throws Exception {
        changes.getExecutionEnvironment().setMaxParallelism(128);
        ViewSpec view = TallyView.of(setting.full());
        ItemStageSpec spec =
                new ItemStageSpec(
                        "items",
                        ItemChanges.KEY,
                        List.of(new Membership(view, null)),
                        setting.shape().feed() ? Diffs.RECORDS : Diffs.NONE,
                        false,
                        Duration.ofMillis(50),
                        ItemStageSpec.BUNDLE_ITEMS,
                        ItemStageSpec.BUNDLE_BYTES);
        changes.keyBy(ItemChange::key, CodecType.of(ItemKey.class))
                .transform("items", CodecType.of(Contribution.class), new ItemStage(spec, null, 1))
                .keyBy(Contribution::group, CodecType.of(GroupKey.class))
                .transform(
                        "groups",
                        CodecType.of(Row.class),
                        new GroupStage(
                                "items",
                                List.of(view),
                                1,
                                null,
                                Map.of(),
                                0,
                                StageOptions.DEFAULTS))
                .sinkTo(new TotalsSink<>(new Rows()));
    }

    /** Of the images nothing else is read. */
    public static Wanted wanted(Setting setting) throws Exception {
        return setting.shape().feed()
                ? Wanted.ALL
                : Wanted.only(
                        new Membership(TallyView.of(setting.full()), null).attributes(),
                        ItemChanges.KEY);
    }

    private static final class Rows implements TotalsSink.Reading<Row> {

        private static final long serialVersionUID = 1L;

        @Override
        public Object key(Row row) {
            return row.group();
        }

        @Override
        public String group(Row row) {
            return row.group().values().get(0).asText();
        }

        @Override
        public Totals totals(Row row) {
            if (row.empty()) {
                return null;
            }
            Value[] measures = row.measures();
            boolean full = measures.length > TallyView.BASIC;
            return new Totals(
                    number(measures[0]),
                    number(measures[1]),
                    measures[2].asNumber().doubleValue(),
                    full ? number(measures[3]) : -1,
                    full ? number(measures[4]) : -1,
                    full ? number(measures[5]) : -1);
        }

        private static long number(Value value) {
            return value.asNumber().longValueExact();
        }
    }
}
