package dev.tally.simulation;

import java.util.function.LongConsumer;

/** One seed of the pipeline's simulation, for who loads it by name from another class loader. */
public final class SeedRun implements LongConsumer {

    @Override
    public void accept(long seed) {
        try {
            new PipelineHistory(seed).run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
