package dev.tally.job;

import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The settings of Flink on Amazon Managed Flink. Checkpoints, state backend, restarts and
 * parallelism are the service's: it refuses a job whose code changes more than a few {@code
 * pipeline} settings. Those of {@code flink-conf/config.yaml} that it allows are made here.
 */
final class ManagedSettings {

    private static final Logger LOG = LoggerFactory.getLogger(ManagedSettings.class);

    /** That of {@code flink-conf/config.yaml}: state moves between the two. */
    private static final int MAX_PARALLELISM = 128;

    private ManagedSettings() {}

    static void apply(StreamExecutionEnvironment env) {
        Configuration settings = new Configuration();
        settings.set(PipelineOptions.AUTO_GENERATE_UIDS, false);
        settings.set(PipelineOptions.GENERIC_TYPES, false);
        settings.set(PipelineOptions.OBJECT_REUSE, true);
        if (env.getConfiguration().getOptional(PipelineOptions.MAX_PARALLELISM).isEmpty()) {
            settings.set(PipelineOptions.MAX_PARALLELISM, MAX_PARALLELISM);
        }
        env.configure(settings);
        LOG.info("settings that the service lets a job make: {}", settings);
    }

    /** Says that a setting which is made elsewhere is not made on the service. */
    static void leaveOut(ConfigOption<?> option, String effect) {
        LOG.info("{} is left as the service has it: {}", option.key(), effect);
    }
}
