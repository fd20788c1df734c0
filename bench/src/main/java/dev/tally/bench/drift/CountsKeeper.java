package dev.tally.bench.drift;

import dev.tally.source.client.Change;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.types.Row;
import org.apache.flink.util.Collector;

/**
 * Apache's consumer, running counts in keyed state by the images of each record, Apache's sink:
 * what one writes with its connectors.
 */
final class CountsKeeper extends FlinkKeeper {

    private static final TypeInformation<Row> TYPE =
            Types.ROW(Types.STRING, Types.LONG, Types.LONG);

    CountsKeeper(Path folder, StreamReader stream, URI target, String rows, int requests) {
        super(folder, stream, target, rows, requests);
    }

    @Override
    List<Row> taken(Change change) {
        List<Row> taken = new ArrayList<>();
        Group.changesOf(change)
                .forEach((list, by) -> taken.add(Row.of(list, by.tasks(), tenths(by.effort()))));
        return taken;
    }

    @Override
    TypeInformation<Row> type() {
        return TYPE;
    }

    @Override
    DataStream<Row> totals(StreamExecutionEnvironment env, DataStream<Row> changes) {
        return changes.keyBy(row -> (String) row.getField(0), Types.STRING)
                .process(new Counts())
                .uid("counts")
                .returns(TYPE);
    }

    private static final class Counts extends KeyedProcessFunction<String, Row, Row> {

        private static final long serialVersionUID = 1L;

        private transient ValueState<Row> counts;

        @Override
        public void open(OpenContext context) {
            counts = getRuntimeContext().getState(new ValueStateDescriptor<>("counts", TYPE));
        }

        @Override
        public void processElement(Row by, Context context, Collector<Row> out) throws Exception {
            Row before = counts.value();
            long tasks = (long) by.getField(1) + (before == null ? 0 : (long) before.getField(1));
            long tenths = (long) by.getField(2) + (before == null ? 0 : (long) before.getField(2));
            Row after = Row.of(by.getField(0), tasks, tenths);
            counts.update(after);
            out.collect(after);
        }
    }
}
