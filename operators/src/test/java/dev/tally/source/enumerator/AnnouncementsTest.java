package dev.tally.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.source.client.Shard;
import dev.tally.source.split.Fence;
import dev.tally.source.split.ShardSplit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is said while one generation is built on another: never the base after the new one. */
class AnnouncementsTest {

    private static final long BASE = 10_000;
    private static final long BUILT = 20_000;

    private final ShardGraph graph = ShardGraph.pinned(List.of(new Shard("s", null, false)), 0);
    private final Announcements both =
            new Announcements(BUILT, new Readiness(0), BASE, new Readiness(0));

    private void readTo(long moment) {
        if (!graph.readable().isEmpty()) {
            graph.assign(graph.readable().get(0), 0);
        }
        ShardSplit.Position at = new ShardSplit.Position("1", true, moment, false);
        Fence fence = new Fence(0, 0, BUILT, BASE);
        graph.reported(new ShardSplit("s", null, "arn", 1, fence, at), 0);
        both.listed(moment);
        both.observe(graph, Set.of());
    }

    private long checkpoint(long id) {
        both.checkpointBegins(id);
        return both.dueAt(id);
    }

    @Test
    void theBaseIsSaidOnceTheMomentOfTheRestoreIsPassed() {
        both.resumed(50_000);
        readTo(50_500);
        assertThat(checkpoint(1)).isZero();
        readTo(51_000);
        assertThat(checkpoint(2)).isEqualTo(BASE);
        assertThat(both.said()).isEqualTo(BASE);
        assertThat(checkpoint(3)).isZero();
    }

    @Test
    void theGenerationIsSaidAfterItsScan() {
        both.resumed(50_000);
        readTo(60_000);
        assertThat(checkpoint(1)).isEqualTo(BASE);
        both.scanDone(70_000);
        readTo(80_000);
        assertThat(checkpoint(2)).isEqualTo(BUILT);
        assertThat(both.said()).isEqualTo(BUILT);
    }

    @Test
    void theBaseIsNotSaidWithOrAfterTheGeneration() {
        both.resumed(50_000);
        both.scanDone(50_000);
        readTo(60_000);
        assertThat(checkpoint(1)).isEqualTo(BUILT);
        assertThat(checkpoint(2)).isZero();
        assertThat(both.said()).isEqualTo(BUILT);
    }

    @Test
    void whatReadersSaidBeforeTheyStartedAgainDoesNotCount() {
        both.resumed(50_000);
        readTo(60_000);
        both.doubt();
        assertThat(checkpoint(1)).isZero();
    }
}
