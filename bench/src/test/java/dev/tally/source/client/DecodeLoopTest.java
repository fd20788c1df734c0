package dev.tally.source.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.bench.wire.DecodeLoop;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** In this package, as what the SDK has read is compared by the source's own conversion. */
class DecodeLoopTest {

    @Test
    void bothReadersFindTheSameRecords() throws Exception {
        DecodeLoop loop = new DecodeLoop();
        loop.setUp();
        List<Change> ours = loop.everything().changes();
        List<Change> sdks = new AwsPages(Wanted.ALL).changes(loop.bySdk(), 0).changes();
        List<Change> read = loop.whatTheViewReads().changes();
        assertThat(ours).hasSize(600);
        assertThat(ours.stream().map(DecodeLoopTest::all).toList())
                .isEqualTo(sdks.stream().map(DecodeLoopTest::all).toList());
        assertThat(read)
                .extracting(Change::sequenceNumber)
                .isEqualTo(ours.stream().map(Change::sequenceNumber).toList());
        for (int i = 0; i < read.size(); i++) {
            for (String attribute : List.of("list", "amount", "customer")) {
                if (!ours.get(i).removal()) {
                    assertThat(read.get(i).newImage().get(attribute))
                            .isNotNull()
                            .isEqualTo(ours.get(i).newImage().get(attribute));
                }
            }
        }
    }

    /** Changes are not values; what is in them is. */
    private static List<Object> all(Change change) {
        return Arrays.asList(
                change.eventId(),
                change.sequenceNumber(),
                change.keys(),
                change.oldImage(),
                change.newImage(),
                change.removal(),
                change.time(),
                change.ttl());
    }
}
