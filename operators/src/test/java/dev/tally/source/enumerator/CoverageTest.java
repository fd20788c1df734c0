package dev.tally.source.enumerator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which views a generation is complete for, and which it has to build. */
class CoverageTest {

    private static final Map<String, String> OLD = Map.of("a", "by A", "b", "by B");

    private final Coverage complete = Coverage.building(OLD).complete();

    @Test
    void aFirstGenerationBuildsAllOfThem() {
        assertThat(Coverage.building(OLD).building()).containsExactly("a", "b");
        assertThat(complete.building()).isEmpty();
    }

    @Test
    void lacksViewsThatAreNewOrCountSomethingElse() {
        assertThat(complete.lacks(OLD)).isFalse();
        assertThat(complete.lacks(Map.of("a", "by A"))).isFalse();
        assertThat(complete.lacks(Map.of("a", "by A", "c", "by C"))).isTrue();
        assertThat(complete.lacks(Map.of("a", "by A where"))).isTrue();
    }

    @Test
    void buildsOnlyWhatItLacks() {
        Map<String, String> views = Map.of("a", "by A where", "b", "by B", "c", "by C");
        Coverage extended = complete.extended(views);
        assertThat(extended.building()).containsExactly("a", "c");
        assertThat(extended.lacks(views)).isFalse();
    }

    @Test
    void goesOnBuildingWhatWasNotComplete() {
        Coverage open = complete.extended(Map.of("a", "by A", "c", "by C"));
        Map<String, String> views = Map.of("a", "by A", "c", "by C", "d", "by D");
        assertThat(open.extended(views).building()).containsExactly("c", "d");
    }

    @Test
    void forgetsViewsThatAreRemoved() {
        Coverage rest = complete.only(Map.of("a", "by A"));
        assertThat(rest.lacks(OLD)).isTrue();
        assertThat(rest.extended(OLD).building()).containsExactly("b");
    }

    /** Changed and put back before a generation was pinned: its groups are gone by then. */
    @Test
    void forgetsViewsThatCountSomethingElse() {
        Coverage rest = complete.only(Map.of("a", "by A where", "b", "by B"));
        assertThat(rest.lacks(OLD)).isTrue();
        assertThat(rest.extended(OLD).building()).containsExactly("a");
    }

    @Test
    void ofAnOlderStateTakesWhateverViewsThereAre() {
        assertThat(Coverage.UNKNOWN.lacks(OLD)).isFalse();
        assertThat(Coverage.UNKNOWN.only(OLD)).isEqualTo(complete);
    }
}
