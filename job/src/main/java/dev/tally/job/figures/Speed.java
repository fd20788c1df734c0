package dev.tally.job.figures;

/** Records read in a time. */
public final class Speed {

    private final long records;
    private final long nanos;

    public Speed(long records, long nanos) {
        this.records = records;
        this.nanos = nanos;
    }

    public long records() {
        return records;
    }

    public double perSecond() {
        return records * 1e9 / Math.max(1, nanos);
    }
}
