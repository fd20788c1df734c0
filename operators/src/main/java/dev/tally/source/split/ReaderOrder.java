package dev.tally.source.split;

import dev.tally.item.KeySchema;
import java.util.List;
import org.apache.flink.api.connector.source.SourceEvent;

/** What the enumerator tells a reader, beside new splits. */
public final class ReaderOrder implements SourceEvent {

    private static final long serialVersionUID = 1L;

    private final KeySchema key;
    private final boolean oldImages;
    private final long serviceTime;
    private final long ready;
    private final List<String> certain;
    private final List<String> expired;

    private ReaderOrder(
            KeySchema key,
            boolean oldImages,
            long serviceTime,
            long ready,
            List<String> certain,
            List<String> expired) {
        this.key = key;
        this.oldImages = oldImages;
        this.serviceTime = serviceTime;
        this.ready = ready;
        this.certain = certain;
        this.expired = expired;
    }

    /** The table is what the state says it is: reading may begin. */
    public static ReaderOrder begin(KeySchema key, boolean oldImages, long serviceTime) {
        return new ReaderOrder(key, oldImages, serviceTime, 0, List.of(), List.of());
    }

    /** The generation is ready: its watermark is to be emitted. */
    public static ReaderOrder announce(long generation) {
        return new ReaderOrder(null, false, 0, generation, List.of(), List.of());
    }

    /** The ends of these splits are in a completed checkpoint: the reader may forget them. */
    public static ReaderOrder forget(List<String> splitIds) {
        return new ReaderOrder(null, false, 0, 0, List.copyOf(splitIds), List.of());
    }

    /**
     * These shards are out of the listings, and all that they held was older than the fence: if the
     * reader cannot find them either, they are done.
     */
    public static ReaderOrder expired(List<String> splitIds) {
        return new ReaderOrder(null, false, 0, 0, List.of(), List.copyOf(splitIds));
    }

    /** Null unless it is {@link #begin}. */
    public KeySchema key() {
        return key;
    }

    /** Whether the records of the stream have old images. */
    public boolean oldImages() {
        return oldImages;
    }

    /** Latest service milliseconds that the enumerator has seen. */
    public long serviceTime() {
        return serviceTime;
    }

    /** 0 unless it is {@link #announce}. */
    public long ready() {
        return ready;
    }

    /** Empty unless it is {@link #forget}. */
    public List<String> certain() {
        return certain;
    }

    /** Empty unless it is {@link #expired}. */
    public List<String> gone() {
        return expired;
    }
}
