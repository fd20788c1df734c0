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
    private final Fence fence;
    private final int incarnation;
    private final long ready;
    private final List<String> certain;
    private final List<String> expired;
    private final List<String> discarded;

    private ReaderOrder(
            KeySchema key,
            boolean oldImages,
            long serviceTime,
            Fence fence,
            int incarnation,
            long ready,
            List<String> certain,
            List<String> expired,
            List<String> discarded) {
        this.key = key;
        this.oldImages = oldImages;
        this.serviceTime = serviceTime;
        this.fence = fence;
        this.incarnation = incarnation;
        this.ready = ready;
        this.certain = List.copyOf(certain);
        this.expired = List.copyOf(expired);
        this.discarded = List.copyOf(discarded);
    }

    private static ReaderOrder ofSplits(List<String> certain, List<String> discarded) {
        return new ReaderOrder(null, false, 0, null, 0, 0, certain, List.of(), discarded);
    }

    /**
     * The table is what the state says it is: reading may begin, or goes on in a new generation. It
     * may come again; all shards take the fence at once, and what is of another generation or
     * incarnation is dropped.
     */
    public static ReaderOrder begin(
            KeySchema key, boolean oldImages, long serviceTime, Fence fence, int incarnation) {
        return new ReaderOrder(
                key,
                oldImages,
                serviceTime,
                fence,
                incarnation,
                0,
                List.of(),
                List.of(),
                List.of());
    }

    /** The generation is ready: its watermark is to be emitted. */
    public static ReaderOrder announce(long generation) {
        return new ReaderOrder(
                null, false, 0, null, 0, generation, List.of(), List.of(), List.of());
    }

    /** The ends of these splits are in a completed checkpoint: the reader may forget them. */
    public static ReaderOrder forget(List<String> splitIds) {
        return ofSplits(splitIds, List.of());
    }

    /**
     * These shards are out of the listings. If the reader cannot find them either, they are done or
     * lost: whether all that they can have held was older than the fence, that time tells.
     */
    public static ReaderOrder expired(List<String> splitIds, long serviceTime) {
        return new ReaderOrder(
                null, false, serviceTime, null, 0, 0, List.of(), splitIds, List.of());
    }

    /** These splits are not of the present generation: the reader must not keep them. */
    public static ReaderOrder discard(List<String> splitIds) {
        return ofSplits(List.of(), splitIds);
    }

    /** Null unless it is {@link #begin}. */
    public KeySchema key() {
        return key;
    }

    /** Whether the records of the stream have old images. */
    public boolean oldImages() {
        return oldImages;
    }

    /**
     * Latest service milliseconds that the enumerator has seen; 0 unless it is {@link #begin} or
     * {@link #expired}.
     */
    public long serviceTime() {
        return serviceTime;
    }

    /** Null unless it is {@link #begin}. */
    public Fence fence() {
        return fence;
    }

    /** Of the stream that is read. */
    public int incarnation() {
        return incarnation;
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

    /** Empty unless it is {@link #discard}. */
    public List<String> discarded() {
        return discarded;
    }
}
