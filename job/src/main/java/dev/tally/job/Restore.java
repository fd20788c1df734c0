package dev.tally.job;

import dev.tally.aggregate.ViewMark;
import dev.tally.sink.RemovedRows;
import dev.tally.sink.StatusTable;
import dev.tally.sink.TargetSettings;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.runtime.jobgraph.JobVertex;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * What has become of the views, feeds and tables of a savepoint: known before anything starts, so
 * that what may not go is said by name, and state that nobody restores is state that somebody
 * wanted to give up.
 */
final class Restore {

    private final Savepoint savepoint;
    private final PipelineConfig config;
    private final Map<String, ViewMark> removed = new TreeMap<>();
    private final List<ViewMark> clearing = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();
    private boolean leavesState;

    private Restore(Savepoint savepoint, PipelineConfig config) {
        this.savepoint = savepoint;
        this.config = config;
    }

    /**
     * Null without a savepoint.
     *
     * @param flink says which savepoint, and the maximum parallelism
     * @throws UserError with everything that may not be
     */
    static Restore of(Configuration flink, PipelineConfig config) {
        String path = flink.get(StateRecoveryOptions.SAVEPOINT_PATH);
        if (path == null) {
            return null;
        }
        Restore restore = new Restore(Savepoint.read(path), config);
        restore.views();
        restore.operators(flink.get(PipelineOptions.MAX_PARALLELISM));
        if (!restore.mistakes.isEmpty()) {
            throw UserError.of(restore.mistakes);
        }
        return restore;
    }

    /**
     * Lets a job start from its savepoint, if it has one: tells Flink what may be left, and clears
     * the rows of views that were removed so.
     *
     * @return what is worth saying
     * @throws UserError with everything that may not be
     */
    static List<String> prepare(StreamExecutionEnvironment env, PipelineConfig config) {
        Restore restore = of(new Configuration((Configuration) env.getConfiguration()), config);
        if (restore == null) {
            return List.of();
        }
        if (restore.leavesState && config.isManaged()) {
            restore.refuseUnlessItMayLeave(env.getConfiguration());
        } else if (restore.leavesState) {
            Configuration leave = new Configuration();
            leave.set(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE, true);
            env.configure(leave);
        }
        restore.clear();
        return restore.notes;
    }

    /** Amazon Managed Flink takes that from the one who starts the job, never from the job. */
    private void refuseUnlessItMayLeave(ReadableConfig flink) {
        if (!flink.get(StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE)) {
            throw new UserError(
                    "cannot restore savepoint "
                            + savepoint.path()
                            + ": it has state of what was removed, and the job may not say itself"
                            + " that it is left. Start once with AllowNonRestoredState: true; on a"
                            + " cluster of your own with -D"
                            + StateRecoveryOptions.SAVEPOINT_IGNORE_UNCLAIMED_STATE.key()
                            + "=true.");
        }
    }

    /** As a submission of its own: whatever the old job still sends loses. */
    private void clear() {
        if (clearing.isEmpty()) {
            return;
        }
        long submission;
        try (StatusTable status = config.status()) {
            submission = status.takeSubmission();
        }
        for (ViewMark mark : clearing) {
            TargetSettings settings = config.targetSettings(mark.region(), mark.roleArn());
            try (RemovedRows rows =
                    new RemovedRows(settings, mark.table(), mark.guard(), mark.measures())) {
                notes.add(rows.clear(submission, savepoint.orderly()));
            }
        }
    }

    private void views() {
        Map<String, ViewSpec> present = new TreeMap<>();
        config.views().views().forEach(view -> present.put(view.name(), view));
        for (ViewMark mark : marks()) {
            ViewSpec view = present.get(mark.view());
            if (view == null) {
                removed(mark);
            } else if (mark.table() != null && !mark.table().equals(view.to().table())) {
                retargeted(mark, view);
            }
        }
    }

    private Collection<ViewMark> marks() {
        List<String> stages = new ArrayList<>();
        config.views().tables().forEach(t -> stages.add(OperatorIds.groups(t.logicalName())));
        List<ViewMark> marks = new ArrayList<>();
        ids(stages).values().forEach(stage -> marks.addAll(savepoint.views(stage)));
        return marks;
    }

    private void removed(ViewMark mark) {
        removed.put(mark.view(), mark);
        switch (mark.removedView()) {
            case FAIL:
                mistakes.add(
                        "cannot restore savepoint "
                                + savepoint.path()
                                + " without view "
                                + mark.view()
                                + ": it has the view's groups, and the view's removed-view is"
                                + " fail. Put it back; to remove it, start once with"
                                + " removed-view: keep (or delete-rows) in it, stop with a"
                                + " savepoint and take it out then.");
                break;
            case DELETE_ROWS:
                clear(mark, "view " + mark.view() + " is removed");
                break;
            default:
                notes.add("view " + mark.view() + " is removed; its rows stay as they are");
        }
    }

    private void retargeted(ViewMark mark, ViewSpec view) {
        String what = "view " + mark.view() + " is written elsewhere now";
        if (view.removedView() == ViewSpec.RemovedView.DELETE_ROWS) {
            clear(mark, what);
        } else {
            notes.add(what + "; its rows in " + mark.table() + " stay as they are");
        }
    }

    private void clear(ViewMark mark, String what) {
        if (mark.table() == null) {
            notes.add(what + "; rows in a stream cannot be taken back");
        } else {
            clearing.add(mark);
            notes.add(what + "; its rows in " + mark.table() + " are deleted");
        }
    }

    /** Every operator of the savepoint is in the graph, or belongs to something given up. */
    private void operators(int maxParallelism) {
        Map<String, OperatorID> present = ids(OperatorIds.of(config.views()));
        Set<OperatorID> unknown = new HashSet<>(savepoint.operators());
        present.forEach(
                (uid, id) -> {
                    unknown.remove(id);
                    maxParallelism(uid, id, maxParallelism);
                });
        leavesState = !unknown.isEmpty();
        Set<String> given = new TreeSet<>();
        removed.keySet().forEach(view -> given.addAll(OperatorIds.ofView(view)));
        for (String name : config.get(dev.tally.job.PipelineOptions.DROP)) {
            given.addAll(OperatorIds.ofName(name));
        }
        ids(given).values().forEach(unknown::remove);
        if (!unknown.isEmpty()) {
            mistakes.add(
                    "cannot restore savepoint "
                            + savepoint.path()
                            + ": it has state of "
                            + unknown.size()
                            + " operators that belong to nothing in the views file. Put back the"
                            + " table or feed that was removed, or give its state up with --drop"
                            + " NAME.");
        }
    }

    private void maxParallelism(String uid, OperatorID id, int now) {
        int before = savepoint.maxParallelism(id);
        if (before > 0 && now > 0 && before != now) {
            mistakes.add(
                    "cannot restore "
                            + uid
                            + " of savepoint "
                            + savepoint.path()
                            + ": its maximum parallelism is "
                            + before
                            + ", pipeline.max-parallelism is "
                            + now
                            + " now. It is fixed in the state: set it back.");
        }
    }

    /**
     * How Flink names operators inside: asked of a graph that nobody runs. Its environment is of no
     * kind, since Flink's client refuses a local one, even for that.
     */
    private static Map<String, OperatorID> ids(Collection<String> uids) {
        Map<String, OperatorID> ids = new LinkedHashMap<>();
        if (uids.isEmpty()) {
            return ids;
        }
        StreamExecutionEnvironment env = new StreamExecutionEnvironment(new Configuration());
        DataStream<Long> start = env.fromSequence(0, 0);
        for (String uid : new TreeSet<>(uids)) {
            start.filter(number -> true).uid(uid).name(uid).disableChaining();
        }
        for (JobVertex vertex : env.getStreamGraph().getJobGraph().getVertices()) {
            if (uids.contains(vertex.getName())) {
                ids.put(vertex.getName(), vertex.getOperatorIDs().get(0).getGeneratedOperatorID());
            }
        }
        return ids;
    }
}
