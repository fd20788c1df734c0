package dev.tally.diff;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.change.ItemChange;
import dev.tally.item.AttributePath;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Member;
import dev.tally.view.Membership;
import dev.tally.view.Target;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Goal: whatever the bundles, checkpoints, failures and rescales, the contributions that are in
 * checkpoints add up to what the items are, also of views that were added, changed or removed at a
 * restore; and rows written eagerly, which no failure takes back, end right too. While only views
 * are built, nothing that the others get may hold them.
 *
 * <p>Method: the changes of a random {@link History}, with a gap or with new views, go through
 * subtasks on RocksDB. At random moments a checkpoint is taken, an eager interval passes, or all
 * fails and starts again from the last checkpoint with another number of subtasks. A model takes
 * the same changes one by one through the reconciler alone; at each checkpoint the counts per list
 * are compared with it. A map stands for an eager target: after each output the count of every
 * group named there is put into it. At the end both are compared with the history itself.
 *
 * <p>It cannot catch what the aggregate stage or a sink does wrong, nor a replay in which scan and
 * stream interleave in another way than before the failure.
 */
class ItemStageSimulationTest {

    private static final int SEEDS = Integer.getInteger("tally.seeds", 200) / 16;

    @RegisterExtension private final Stages stages = new Stages();

    /** Stands in the log where a new submission starts. */
    private static final Object SUBMITTED = new Object();

    private static final List<Membership> VIEWS =
            List.of(
                    Tasks.countPerList("count", Target.Freshness.EAGER),
                    Tasks.countPerList("changed", Target.Freshness.COMMITTED),
                    Tasks.countPerList("gone", Target.Freshness.COMMITTED));

    /** One of them reads an attribute that the state did not keep. */
    private static final List<Membership> LATER_VIEWS =
            List.of(
                    Tasks.countPerList("added", Target.Freshness.COMMITTED),
                    Tasks.view(
                            "changed",
                            Target.Freshness.COMMITTED,
                            List.of(
                                    new MeasureSpec(
                                            "Titles",
                                            MeasureSpec.Kind.COUNT_DISTINCT,
                                            AttributePath.ofName("Title"),
                                            null))),
                    VIEWS.get(0));

    @ParameterizedTest(name = "new images only {0}, second generation {1}")
    @CsvSource({"false,GAP", "true,GAP", "false,BUILD", "true,BUILD"})
    void countsAddUp(boolean newOnly, History.Second second) throws Exception {
        for (long seed = 0; seed < SEEDS; seed++) {
            new Run(seed, newOnly, second).check();
            stages.afterEach(null);
        }
    }

    /** One history; a ready generation stands in the log as its number. */
    private final class Run implements History.Reader {

        private final String name;
        private final Random random;
        private final History history;
        private final boolean newOnly;
        private final boolean building;
        private final List<Object> log = new ArrayList<>();

        private List<Membership> views = VIEWS;
        private List<StageHarness> subtasks = List.of();
        private int eagerEvery;
        private Map<GroupKey, Integer> counts = new HashMap<>();
        private Map<GroupKey, Integer> checkpointedCounts = new HashMap<>();
        private List<OperatorSubtaskState> states = List.of();
        private int checkpointedAt;
        private final Map<GroupKey, Integer> target = new HashMap<>();

        Run(long seed, boolean newOnly, History.Second second) {
            name = "seed " + seed + ", new images only " + newOnly + ", " + second;
            random = new Random(~seed);
            history = new History(seed, newOnly, second, this);
            this.newOnly = newOnly;
            building = second == History.Second.BUILD && !newOnly;
        }

        @Override
        public void submitted() {
            log.add(SUBMITTED);
        }

        @Override
        public void change(ItemChange change) {
            log.add(change);
        }

        @Override
        public void ready(long generation) {
            log.add(generation);
        }

        void check() throws Exception {
            history.run();
            start();
            int failures = 5;
            int at = 0;
            while (at < log.size()) {
                Object entry = log.get(at++);
                if (entry == SUBMITTED) {
                    submitAgain(at);
                    continue;
                }
                take(entry);
                if (random.nextInt(eagerEvery) == 0) {
                    passEagerInterval();
                }
                if (random.nextInt(12) == 0) {
                    checkpoint(at);
                }
                if (failures > 0 && random.nextInt(15) == 0) {
                    failures--;
                    start();
                    at = checkpointedAt;
                }
            }
            checkpoint(at);
            Map<GroupKey, Integer> end = new HashMap<>();
            for (int item = 0; item < History.ITEMS; item++) {
                for (Membership view : views) {
                    count(view, history.last(item), end);
                }
            }
            assertThat(counts).as(name).isEqualTo(end);
            target.values().removeIf(count -> count == 0);
            end.keySet().removeIf(group -> !group.view().equals("count"));
            assertThat(target).as("rows written eagerly, " + name).isEqualTo(end);
        }

        /** The group stage forgets the groups of views that are not what they were. */
        private void submitAgain(int at) throws Exception {
            checkpoint(at - 1);
            views = LATER_VIEWS;
            counts.keySet().removeIf(group -> !group.view().equals("count"));
            checkpointedCounts = new HashMap<>(counts);
            checkpointedAt = at;
            start();
            assertThat(counts).as("at the restore, %s", name).isEqualTo(model(at));
        }

        /**
         * Each attempt cuts other bundles: from every change by itself to none before a barrier.
         */
        private void start() throws Exception {
            int bundleItems = random.nextBoolean() ? 1 + random.nextInt(3) : 1000;
            eagerEvery = random.nextBoolean() ? 2 : 100;
            subtasks = stages.restore(spec(bundleItems), states, 1 + random.nextInt(3));
            counts = new HashMap<>(checkpointedCounts);
        }

        private ItemStageSpec spec(int bundleItems) {
            return Stages.spec(
                    Diffs.NONE, newOnly, bundleItems, 1 << 20, views.toArray(new Membership[0]));
        }

        private void take(Object entry) throws Exception {
            if (entry instanceof Long) {
                for (StageHarness subtask : subtasks) {
                    subtask.watermark((Long) entry);
                }
            } else {
                ItemChange change = (ItemChange) entry;
                int subtask =
                        KeyGroupRangeAssignment.assignKeyToParallelOperator(
                                change.key(), StageHarness.MAX_PARALLELISM, subtasks.size());
                subtasks.get(subtask).take(change);
            }
            drain();
        }

        private void passEagerInterval() throws Exception {
            for (StageHarness subtask : subtasks) {
                subtask.advanceTime(spec(1).eagerInterval().toMillis());
            }
            drain();
        }

        private void checkpoint(int at) throws Exception {
            states = new ArrayList<>();
            for (StageHarness subtask : subtasks) {
                states.add(subtask.checkpoint(at));
            }
            drain();
            checkpointedAt = at;
            checkpointedCounts = new HashMap<>(counts);
            assertThat(counts).as("after %d changes, %s", at, name).isEqualTo(model(at));
        }

        private void drain() {
            Set<GroupKey> touched = new HashSet<>();
            for (StageHarness subtask : subtasks) {
                for (Object element : subtask.output()) {
                    if (element instanceof Contribution) {
                        Contribution contribution = (Contribution) element;
                        int effect = contribution.add() == null ? 0 : 1;
                        effect -= contribution.retract() == null ? 0 : 1;
                        add(contribution.group(), effect, counts);
                        checkStamp(contribution);
                        if (contribution.group().view().equals("count")) {
                            touched.add(contribution.group());
                        }
                    }
                }
            }
            for (GroupKey group : touched) {
                target.put(group, counts.getOrDefault(group, 0));
            }
        }

        /** Whether the group stage would hold what it must, and nothing else. */
        private void checkStamp(Contribution contribution) {
            if (views == VIEWS) {
                return;
            }
            boolean complete = contribution.group().view().equals("count");
            assertThat(contribution.generation())
                    .as("stamp for %s, %s", contribution.group().view(), name)
                    .isEqualTo(complete && building ? History.FIRST : History.SECOND);
        }

        /** The counts after the first entries of the log, without stage or bundles. */
        private Map<GroupKey, Integer> model(int entries) {
            HeldImages images = HeldImages.always(kept(VIEWS));
            Reconciler reconciler = new Reconciler("tasks", images, Diffs.NONE);
            Map<ItemKey, ItemState> items = new HashMap<>();
            long ready = StageMark.UNKNOWN;
            long heard = StageMark.UNKNOWN;
            long first = 0;
            for (Object entry : log.subList(0, entries)) {
                if (entry == SUBMITTED) {
                    first = heard + 1;
                    images = images.then(kept(LATER_VIEWS), ready, heard);
                    reconciler = new Reconciler("tasks", images, Diffs.NONE);
                } else if (entry instanceof Long) {
                    ready = (Long) entry;
                    heard = Math.max(heard, ready);
                    sweep(items, reconciler, ready);
                } else {
                    ItemChange change = (ItemChange) entry;
                    heard = Math.max(heard, change.generation());
                    ItemState state = items.get(change.key());
                    ItemState next = reconciler.apply(state, change, ready, Long.MAX_VALUE).state();
                    items.put(change.key(), next);
                }
            }
            Map<GroupKey, Integer> model = new HashMap<>();
            for (ItemState state : items.values()) {
                for (Membership view : views) {
                    boolean later = !view.view().name().equals("count");
                    if (!later || state.generation() >= first) {
                        count(view, state.image(), model);
                    }
                }
            }
            return model;
        }

        private void sweep(Map<ItemKey, ItemState> items, Reconciler reconciler, long generation) {
            items.values().removeIf(state -> reconciler.atReady(state, generation) != Verdict.KEPT);
        }

        private KeptAttributes kept(List<Membership> of) {
            return KeptAttributes.of(of, false);
        }

        private void count(Membership view, Item image, Map<GroupKey, Integer> into) {
            for (Member member : view.of(image, (problem, reason) -> {})) {
                add(member.group(), 1, into);
            }
        }

        /** Groups without items are left out. */
        private void add(GroupKey group, int effect, Map<GroupKey, Integer> into) {
            into.merge(group, effect, (a, b) -> a + b == 0 ? null : a + b);
            into.computeIfPresent(group, (key, count) -> count == 0 ? null : count);
        }
    }
}
