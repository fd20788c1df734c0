package dev.tally.source.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** Where the time of an answer comes from. */
class ServiceTimeTest {

    private final ServiceTime time = new ServiceTime(() -> 42);

    private static ScanResponse answer(String date) {
        SdkHttpFullResponse.Builder http = SdkHttpFullResponse.builder().statusCode(200);
        if (date != null) {
            http.putHeader("Date", date);
        }
        ScanResponse.Builder response = ScanResponse.builder();
        response.sdkHttpResponse(http.build());
        return response.build();
    }

    @Test
    void isTheHeaderDate() {
        assertThat(time.of(answer("Fri, 20 Nov 2026 19:00:00 GMT")))
                .isEqualTo(Instant.parse("2026-11-20T19:00:00Z").toEpochMilli());
    }

    @Test
    void isOurClockIfThereIsNone() {
        assertThat(time.of(answer(null))).isEqualTo(42);
        assertThat(time.of(answer("yesterday"))).isEqualTo(42);
        assertThat(time.of(ScanResponse.builder().build())).isEqualTo(42);
    }
}
