package dev.tally.sink;

import dev.tally.codec.CodecType;
import dev.tally.testing.LocalDynamoDb;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.JobExecutionResult;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** Small jobs that write given elements to a sink, in this JVM. */
final class SinkJobs {

    private SinkJobs() {}

    /** Ends when all is written. */
    static <T> JobExecutionResult run(Class<T> type, List<T> elements, Sink<T> sink)
            throws Exception {
        StreamExecutionEnvironment env = environment(0);
        from(env, type, elements).sinkTo(sink).uid("sink");
        return env.execute("sink test");
    }

    static <T> DataStream<T> from(StreamExecutionEnvironment env, Class<T> type, List<T> elements) {
        return env.fromData(elements, CodecType.of(type)).uid("elements");
    }

    /**
     * @param restarts after as many failures
     */
    static StreamExecutionEnvironment environment(int restarts) {
        Configuration configuration =
                Configuration.fromMap(
                        Map.of(
                                RestartStrategyOptions.RESTART_STRATEGY.key(),
                                "fixed-delay",
                                "restart-strategy.fixed-delay.attempts",
                                "" + restarts,
                                "restart-strategy.fixed-delay.delay",
                                "10 ms",
                                PipelineOptions.GENERIC_TYPES.key(),
                                "false",
                                PipelineOptions.AUTO_GENERATE_UIDS.key(),
                                "false"));
        StreamExecutionEnvironment env =
                StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        env.setParallelism(1);
        return env;
    }

    static ConnectorSettings local(URI endpoint) {
        return new ConnectorSettings(LocalDynamoDb.region().id(), null, endpoint.toString());
    }
}
