package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.testing.SourceTree;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.contrib.streaming.state.RocksDBConfigurableOptions;
import org.apache.flink.contrib.streaming.state.RocksDBOptions;
import org.apache.flink.core.execution.CheckpointingMode;
import org.junit.jupiter.api.Test;
import org.rocksdb.CompressionType;

/** That {@code flink-conf/config.yaml} says what Tally depends on, in keys that Flink knows. */
class FlinkConfTest {

    private static final Configuration CONF =
            GlobalConfiguration.loadConfiguration(
                    SourceTree.root().resolve("flink-conf").toString());

    @Test
    void stateIsWrittenByOurOwnSerializersUnderOurOwnNames() {
        assertThat(CONF.get(PipelineOptions.GENERIC_TYPES)).isFalse();
        assertThat(CONF.get(PipelineOptions.AUTO_GENERATE_UIDS)).isFalse();
    }

    @Test
    void checkpointsAreAlignedAndExactlyOnce() {
        assertThat(CONF.get(CheckpointingOptions.ENABLE_UNALIGNED)).isFalse();
        assertThat(CONF.get(CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE))
                .isEqualTo(CheckpointingMode.EXACTLY_ONCE);
        assertThat(CONF.get(CheckpointingOptions.CHECKPOINTING_INTERVAL))
                .isEqualTo(Duration.ofSeconds(10));
    }

    /** For all levels: the list's last one counts for those behind it. */
    @Test
    void stateIsInFilesOfLz4() {
        assertThat(CONF.get(RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL))
                .containsExactly(CompressionType.LZ4_COMPRESSION);
        assertThat(CONF.get(RocksDBConfigurableOptions.WRITE_BUFFER_SIZE))
                .isEqualTo(MemorySize.ofMebiBytes(16));
    }

    /** Flink ignores what it does not know; a misspelt key would go unnoticed. */
    @Test
    void everyKeyIsOneOfFlinks() {
        List<ConfigOption<?>> known =
                new ArrayList<>(
                        List.of(
                                PipelineOptions.GENERIC_TYPES,
                                PipelineOptions.AUTO_GENERATE_UIDS,
                                PipelineOptions.OBJECT_REUSE,
                                PipelineOptions.MAX_PARALLELISM,
                                StateBackendOptions.STATE_BACKEND,
                                RocksDBConfigurableOptions.USE_BLOOM_FILTER,
                                RocksDBConfigurableOptions.COMPRESSION_PER_LEVEL,
                                RocksDBConfigurableOptions.WRITE_BUFFER_SIZE,
                                RocksDBOptions.WRITE_BUFFER_RATIO,
                                CheckpointingOptions.CHECKPOINTING_INTERVAL,
                                CheckpointingOptions.MIN_PAUSE_BETWEEN_CHECKPOINTS,
                                CheckpointingOptions.CHECKPOINTING_TIMEOUT,
                                CheckpointingOptions.MAX_CONCURRENT_CHECKPOINTS,
                                CheckpointingOptions.CHECKPOINTING_CONSISTENCY_MODE,
                                CheckpointingOptions.ENABLE_UNALIGNED,
                                CheckpointingOptions.INCREMENTAL_CHECKPOINTS,
                                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                                CheckpointingOptions.TOLERABLE_FAILURE_NUMBER,
                                RestartStrategyOptions.RESTART_STRATEGY,
                                TaskManagerOptions.NUM_TASK_SLOTS,
                                TaskManagerOptions.TOTAL_PROCESS_MEMORY,
                                TaskManagerOptions.MANAGED_MEMORY_FRACTION,
                                JobManagerOptions.TOTAL_PROCESS_MEMORY,
                                CoreOptions.FLINK_JVM_OPTIONS));
        known.add(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF);
        known.add(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF);
        known.add(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_BACKOFF_MULTIPLIER);
        known.add(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_JITTER_FACTOR);
        known.add(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD);
        Set<String> unknown = new TreeSet<>(CONF.keySet());
        for (ConfigOption<?> option : known) {
            assertThat(CONF.getOptional(option)).as(option.key()).isPresent();
            unknown.remove(option.key());
        }
        assertThat(unknown).isEmpty();
    }
}
