package dev.tally.bench.kafka;

import dev.tally.bench.run.Round;

/** A {@link Round} of Kafka Streams. */
final class KafkaContest {

    private KafkaContest() {}

    /** As {@link Round#run} has it. */
    public static void main(String[] args) throws Exception {
        Round.run(new KafkaTotals(), args);
    }
}
