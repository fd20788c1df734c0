package dev.tally.bench.rivals;

import dev.tally.bench.run.ChangesSource;
import dev.tally.bench.run.Contestant;
import dev.tally.bench.run.Figures;
import dev.tally.bench.run.FlinkJob;
import dev.tally.bench.run.Setting;
import dev.tally.bench.run.TotalsSink;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Totals;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.api.config.AggregatePhaseStrategy;
import org.apache.flink.table.api.config.ExecutionConfigOptions;
import org.apache.flink.table.api.config.OptimizerConfigOptions;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/** The workload's view as a query of Flink SQL, between the bench's source and sink. */
public final class FlinkSql implements Contestant {

    private static final Duration BUNDLE_TIME = Duration.ofSeconds(1);

    private final SqlForm form;
    private final long bundleRows;

    /**
     * @param bundleRows so many rows are bundled, for up to a second, and totals made in two
     *     phases; 0: state is read and written for each row
     */
    public FlinkSql(SqlForm form, long bundleRows) {
        this.form = form;
        this.bundleRows = bundleRows;
    }

    @Override
    public Figures run(Changes changes, Setting setting, Path scratch) throws Exception {
        FlinkJob job = new FlinkJob(setting, scratch);
        StreamExecutionEnvironment env = job.environment();
        StreamTableEnvironment sql = StreamTableEnvironment.create(env);
        if (bundleRows > 0) {
            sql.getConfig()
                    .set(ExecutionConfigOptions.TABLE_EXEC_MINIBATCH_ENABLED, true)
                    .set(ExecutionConfigOptions.TABLE_EXEC_MINIBATCH_ALLOW_LATENCY, BUNDLE_TIME)
                    .set(ExecutionConfigOptions.TABLE_EXEC_MINIBATCH_SIZE, bundleRows)
                    .set(
                            OptimizerConfigOptions.TABLE_OPTIMIZER_AGG_PHASE_STRATEGY,
                            AggregatePhaseStrategy.TWO_PHASE);
        }
        SqlRows.prepare(changes, form);
        DataStream<Row> rows =
                env.fromSource(
                        new ChangesSource<>(new SqlRows()),
                        WatermarkStrategy.noWatermarks(),
                        "changes",
                        SqlRows.TYPE);
        sql.createTemporaryView("changes", table(sql, rows));
        Table totals = sql.sqlQuery(form.query(setting.full()));
        sql.toChangelogStream(totals, result(setting.full()), ChangelogMode.upsert())
                .sinkTo(new TotalsSink<>(new Rows()));
        return job.run(env, changes);
    }

    private Table table(StreamTableEnvironment sql, DataStream<Row> rows) {
        switch (form) {
            case NEWEST:
                return sql.fromDataStream(rows);
            case UPSERT:
                Schema keyed =
                        Schema.newBuilder()
                                .column("id", DataTypes.STRING().notNull())
                                .column("list", DataTypes.STRING())
                                .column("amount", DataTypes.BIGINT())
                                .column("customer", DataTypes.STRING())
                                .primaryKey("id")
                                .build();
                return sql.fromChangelogStream(rows, keyed, ChangelogMode.upsert());
            default:
                return sql.fromChangelogStream(rows);
        }
    }

    /** Keyed by group, so that the newest row of each is enough: what costs the query least. */
    private static Schema result(boolean full) {
        Schema.Builder schema =
                Schema.newBuilder()
                        .column("list", DataTypes.STRING().notNull())
                        .column("items", DataTypes.BIGINT())
                        .column("total", DataTypes.BIGINT())
                        .column("average", DataTypes.DOUBLE());
        if (full) {
            schema.column("least", DataTypes.BIGINT())
                    .column("greatest", DataTypes.BIGINT())
                    .column("customers", DataTypes.BIGINT());
        }
        return schema.primaryKey("list").build();
    }

    private static final class Rows implements TotalsSink.Reading<Row> {

        private static final long serialVersionUID = 1L;

        @Override
        public Object key(Row row) {
            return row.getKind() == RowKind.UPDATE_BEFORE ? null : row.getField(0);
        }

        @Override
        public String group(Row row) {
            return (String) row.getField(0);
        }

        @Override
        public Totals totals(Row row) {
            if (row.getKind() == RowKind.DELETE) {
                return null;
            }
            boolean full = row.getArity() > 4;
            return new Totals(
                    (Long) row.getField(1),
                    (Long) row.getField(2),
                    (Double) row.getField(3),
                    full ? (Long) row.getField(4) : -1,
                    full ? (Long) row.getField(5) : -1,
                    full ? (Long) row.getField(6) : -1);
        }
    }
}
