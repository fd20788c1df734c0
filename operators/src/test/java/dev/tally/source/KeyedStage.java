package dev.tally.source;

/** What is behind the source in a {@link SimulatedJob}, as far as it can tell what is wrong. */
interface KeyedStage {

    /** Takes a change or a watermark from a channel. */
    void take(Object element, int channel);

    Object snapshot();

    /**
     * @param snapshot null for a fresh start
     */
    void restore(Object snapshot, int channels);
}
