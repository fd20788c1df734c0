package dev.tally.source.client;

import java.time.DateTimeException;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.SdkResponse;

/**
 * The service's own time, from the HTTP header {@code Date} of its answers; cut to the second.
 *
 * <p>A clock of ours stands in if an answer has none, which is said once: the fence of a generation
 * then trusts this machine.
 */
final class ServiceTime {

    private static final Logger LOG = LoggerFactory.getLogger(ServiceTime.class);

    private final LongSupplier fallback;
    private final AtomicBoolean said = new AtomicBoolean();

    /**
     * @param fallback milliseconds
     */
    ServiceTime(LongSupplier fallback) {
        this.fallback = fallback;
    }

    /** In milliseconds. */
    long of(SdkResponse response) {
        String date =
                response.sdkHttpResponse() == null
                        ? null
                        : response.sdkHttpResponse().firstMatchingHeader("Date").orElse(null);
        if (date != null) {
            try {
                return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                        .toInstant()
                        .toEpochMilli();
            } catch (DateTimeException e) {
                sayOnce("its header Date is not readable");
                return fallback.getAsLong();
            }
        }
        sayOnce("it has no header Date");
        return fallback.getAsLong();
    }

    private void sayOnce(String why) {
        if (said.compareAndSet(false, true)) {
            LOG.warn("cannot take the service's time from an answer: {}; using our clock.", why);
        }
    }
}
