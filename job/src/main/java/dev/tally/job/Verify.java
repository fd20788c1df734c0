package dev.tally.job;

import dev.tally.item.Value;
import dev.tally.sink.DynamoDbTargetRows;
import dev.tally.sink.StatusTable;
import dev.tally.sink.TargetException;
import dev.tally.view.Membership;
import dev.tally.view.TableSpec;
import dev.tally.view.ViewSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Compares all rows of all views with recounts of their tables, as often as it takes to tell what
 * lasts. Between two readings it waits until the running job has written all that the first one can
 * have seen, as the status table tells; if nothing moves there, no job runs, and it goes on.
 */
final class Verify {

    /** Readings that must see a difference, the same each time, where a job may be running. */
    private static final int NEEDED = 3;

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int TICKS_MIN = 2;

    /** More than two checkpoints of the default interval. */
    private static final int TICKS_WITHOUT_NEWS = 25;

    private final PipelineConfig config;
    private final Preflight preflight;
    private final ReadBudget budget;
    private final ReadProgress progress;
    private final boolean live;

    /** Whether the status table has stood still for so long that nobody writes it. */
    private boolean nobodyRuns;

    /**
     * @param live whether a job may be writing
     */
    Verify(
            PipelineConfig config,
            Preflight preflight,
            ReadBudget budget,
            ReadProgress progress,
            boolean live) {
        this.config = config;
        this.preflight = preflight;
        this.budget = budget;
        this.progress = progress;
        this.live = live;
    }

    /** What lasts, by name of the view, in the order of the file; only of rows in tables. */
    Map<String, Settling> settle() throws InterruptedException {
        Map<String, Settling> all = new LinkedHashMap<>();
        for (ViewSpec view : config.views().views()) {
            if (view.to().table() != null) {
                all.put(view.name(), new Settling(view, live ? NEEDED : 1, Difference::sameAs));
            }
        }
        List<Settling> open = new ArrayList<>(all.values());
        while (!open.isEmpty()) {
            read(open);
            open.removeIf(settling -> !settling.open());
            if (!open.isEmpty()) {
                awaitJob(open);
            }
        }
        return all;
    }

    private void read(List<Settling> open) {
        List<ViewSpec> views = new ArrayList<>();
        open.forEach(settling -> views.add(settling.view()));
        try (DynamoDbTargetRows targets = preflight.targetRows(views)) {
            Survey survey = new Survey(preflight.clients(), targets, budget, progress, row -> true);
            for (TableSpec table : config.views().tables()) {
                List<Settling> ofTable = new ArrayList<>(open);
                ofTable.removeIf(s -> !s.view().table().equals(table.logicalName()));
                if (ofTable.isEmpty()) {
                    continue;
                }
                List<Membership> members = new ArrayList<>();
                ofTable.forEach(settling -> members.add(preflight.membership(settling.view())));
                List<Reading> readings = survey.take(table, members);
                for (int i = 0; i < readings.size(); i++) {
                    ofTable.get(i).add(readings.get(i));
                }
            }
        }
    }

    private void awaitJob(List<Settling> open) throws InterruptedException {
        Instant seen = Instant.now();
        try (StatusTable status =
                new StatusTable(
                        config.get(PipelineOptions.STATUS_TABLE),
                        config.targetSettings(null, null),
                        Clock.systemUTC())) {
            Map<String, Instant> before = new HashMap<>();
            int still = 0;
            for (int tick = 1; ; tick++) {
                TimeUnit.MILLISECONDS.sleep(TICK.toMillis());
                Map<String, Instant> now = exactAsOf(status, open);
                still = now.equals(before) ? still + 1 : 0;
                before = now;
                boolean caughtUp = now.values().stream().allMatch(time -> time.isAfter(seen));
                boolean never = now.values().stream().allMatch(Instant.EPOCH::equals);
                nobodyRuns = !caughtUp && (nobodyRuns || never || still >= TICKS_WITHOUT_NEWS);
                if (tick >= TICKS_MIN && (caughtUp || nobodyRuns)) {
                    return;
                }
            }
        }
    }

    private static Map<String, Instant> exactAsOf(StatusTable status, List<Settling> open) {
        Map<String, Instant> times = new HashMap<>();
        for (Settling settling : open) {
            times.put(settling.view().name(), exactAsOf(status, settling.view().name()));
        }
        return times;
    }

    private static Instant exactAsOf(StatusTable status, String view) {
        try {
            Value time = status.read(view).get("ExactAsOf");
            return time == null ? Instant.EPOCH : Instant.parse(time.asText());
        } catch (TargetException | DateTimeParseException e) {
            return Instant.EPOCH;
        }
    }
}
