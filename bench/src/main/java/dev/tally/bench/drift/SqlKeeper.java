package dev.tally.bench.drift;

import dev.tally.source.client.Change;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.connector.ChangelogMode;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;

/**
 * Flink SQL on the same records as an upsert changelog: each puts its task into the place of what
 * was there before, whatever that was, or removes it.
 */
final class SqlKeeper extends FlinkKeeper {

    private static final String QUERY =
            "SELECT list, COUNT(*) AS tasks, SUM(tenths) AS tenths FROM changes GROUP BY list";

    SqlKeeper(Path folder, StreamReader stream, URI target, String rows, int requests) {
        super(folder, stream, target, rows, requests);
    }

    @Override
    List<Row> taken(Change change) {
        boolean removed = change.newImage() == null;
        return List.of(
                Row.ofKind(
                        removed ? RowKind.DELETE : RowKind.UPDATE_AFTER,
                        change.keys().get("TaskId").asText(),
                        removed ? null : Group.listOf(change.newImage()),
                        removed ? null : tenths(Group.effortOf(change.newImage()))));
    }

    @Override
    TypeInformation<Row> type() {
        return Types.ROW_NAMED(
                new String[] {"id", "list", "tenths"}, Types.STRING, Types.STRING, Types.LONG);
    }

    @Override
    DataStream<Row> totals(StreamExecutionEnvironment env, DataStream<Row> changes) {
        StreamTableEnvironment sql = StreamTableEnvironment.create(env);
        Schema keyed =
                Schema.newBuilder()
                        .column("id", DataTypes.STRING().notNull())
                        .column("list", DataTypes.STRING())
                        .column("tenths", DataTypes.BIGINT())
                        .primaryKey("id")
                        .build();
        sql.createTemporaryView(
                "changes", sql.fromChangelogStream(changes, keyed, ChangelogMode.upsert()));
        Schema totals =
                Schema.newBuilder()
                        .column("list", DataTypes.STRING().notNull())
                        .column("tasks", DataTypes.BIGINT())
                        .column("tenths", DataTypes.BIGINT())
                        .primaryKey("list")
                        .build();
        return sql.toChangelogStream(sql.sqlQuery(QUERY), totals, ChangelogMode.upsert());
    }
}
