package dev.tally.diff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.tally.change.ItemChange;
import dev.tally.change.ItemDiff;
import dev.tally.diff.History.Second;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Goal: whatever the interleaving of scan and stream, each item ends at its newest image.
 *
 * <p>Method: random {@link History histories} by seed, put through the reconciler one change after
 * the other; at the end each item's state must hold the item, or nothing. On streams without old
 * images every diff that names a before must name the right one.
 *
 * <p>It cannot catch what lies outside the reconciler: bundles, restores and rescaling ({@link
 * ItemStageTest}), or a source that breaks its own contract. Many more seeds: {@code
 * -Dtally.seeds=10000}.
 */
class ReconcilerModelTest {

    private static final int HISTORIES = 30 * Integer.getInteger("tally.seeds", 200);

    @ParameterizedTest(name = "new images only {0}, second generation {1}")
    @CsvSource({"false,NONE", "false,GAP", "false,BUILD", "true,NONE", "true,GAP", "true,BUILD"})
    void endsAtTheNewestImage(boolean newOnly, Second second) {
        Map<Verdict, Integer> seen = new EnumMap<>(Verdict.class);
        for (long seed = 0; seed < HISTORIES; seed++) {
            Run run = new Run(seed, newOnly, second);
            run.check();
            run.verdicts.forEach((verdict, times) -> seen.merge(verdict, times, Integer::sum));
        }

        assertThat(seen)
                .as("rows of the truth table that were reached")
                .containsKeys(
                        Verdict.DUPLICATE,
                        Verdict.STREAM_FIRST,
                        Verdict.STREAM_NEXT,
                        Verdict.SCAN_FIRST,
                        Verdict.SCAN_LATE,
                        Verdict.FORGOTTEN,
                        Verdict.KEPT);
        if (newOnly) {
            assertThat(seen).containsKeys(Verdict.STREAM_OVER_SCAN);
        } else {
            assertThat(seen)
                    .containsKeys(Verdict.STREAM_FOLLOWS_SCAN, Verdict.IN_STEP, Verdict.SCAN_AHEAD);
        }
        if (second == Second.GAP) {
            assertThat(seen)
                    .containsKeys(Verdict.SCAN_NEWER, Verdict.STREAM_AFTER_OLD_SCAN, Verdict.SWEPT);
        } else {
            assertThat(seen)
                    .as("nothing was lost")
                    .doesNotContainKeys(
                            Verdict.STREAM_DRIFTED, Verdict.STREAM_HEALED, Verdict.SWEPT);
        }
        if (second == Second.BUILD && !newOnly) {
            assertThat(seen)
                    .as("a scan row stays what later records are compared with")
                    .doesNotContainKey(Verdict.STREAM_AFTER_OLD_SCAN);
        }
    }

    private static final class Run implements History.Reader {

        private final String name;
        private final Second second;
        private final Reconciler reconciler =
                new Reconciler(
                        "tasks",
                        HeldImages.always(KeptAttributes.all()),
                        Diffs.RECORDS_AND_SNAPSHOT);
        private final Map<ItemKey, ItemState> states = new HashMap<>();
        private final Map<Verdict, Integer> verdicts = new EnumMap<>(Verdict.class);
        private final History history;
        private long ready = StageMark.UNKNOWN;
        private long open = StageMark.UNKNOWN;

        Run(long seed, boolean newOnly, Second second) {
            this.name = "seed " + seed + ", new images only " + newOnly + ", second " + second;
            this.second = second;
            this.history = new History(seed, newOnly, second, this);
        }

        @Override
        public void change(ItemChange change) {
            open = Math.max(open, change.generation());
            Outcome outcome = reconciler.apply(states.get(change.key()), change, ready, open);
            verdicts.merge(outcome.verdict(), 1, Integer::sum);
            put(change.key(), outcome.state());
            if (outcome.diff() != null && !change.scanned() && second != Second.GAP) {
                checkDiff(outcome.diff(), history.event(change));
            }
        }

        @Override
        public void ready(long generation) {
            for (ItemKey key : List.copyOf(states.keySet())) {
                Verdict verdict = reconciler.atReady(states.get(key), generation);
                verdicts.merge(verdict, 1, Integer::sum);
                if (verdict != Verdict.KEPT) {
                    states.remove(key);
                }
            }
            ready = generation;
        }

        private void put(ItemKey key, ItemState state) {
            if (state == null) {
                states.remove(key);
            } else {
                states.put(key, state);
            }
        }

        private void checkDiff(ItemDiff diff, History.Event event) {
            Item before = Tasks.task(History.name(event.item), event.before);
            Item after = Tasks.task(History.name(event.item), event.after);
            boolean wrongBefore = diff.before() != null && !diff.before().equals(before);
            if (wrongBefore || !Objects.equals(diff.after(), after)) {
                fail("%s: wrong %s", name, diff);
            }
        }

        void check() {
            history.run();
            for (int item = 0; item < History.ITEMS; item++) {
                ItemState state = states.get(Tasks.key(History.name(item)));
                Item image = state == null ? null : state.image();
                if (!Objects.equals(image, history.last(item))) {
                    fail("%s: %s ends as %s", name, History.name(item), state);
                }
            }
        }
    }
}
