package dev.tally.job;

import dev.tally.aggregate.ViewMark;
import dev.tally.codec.CodecSerializer;
import java.io.DataInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.memory.DataInputViewStreamWrapper;
import org.apache.flink.runtime.checkpoint.Checkpoints;
import org.apache.flink.runtime.checkpoint.OperatorState;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.checkpoint.metadata.CheckpointMetadata;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CompletedCheckpointStorageLocation;
import org.apache.flink.runtime.state.OperatorStateHandle;
import org.apache.flink.runtime.state.filesystem.AbstractFsCheckpointStorageAccess;

/** What a savepoint says of itself, read from its files without starting anything. */
final class Savepoint {

    private static final String VIEWS = "views";

    private final String path;
    private final Map<OperatorID, OperatorState> operators = new LinkedHashMap<>();
    private final boolean orderly;

    private Savepoint(String path, CheckpointMetadata metadata) {
        this.path = path;
        for (OperatorState operator : metadata.getOperatorStates()) {
            operators.put(operator.getOperatorID(), operator);
        }
        this.orderly =
                metadata.getCheckpointProperties() != null
                        && metadata.getCheckpointProperties().isSynchronous();
    }

    /**
     * @param path as Flink takes it
     * @throws UserError if there is none, or it cannot be read
     */
    static Savepoint read(String path) {
        try {
            CompletedCheckpointStorageLocation location =
                    AbstractFsCheckpointStorageAccess.resolveCheckpointPointer(path);
            try (DataInputStream in =
                    new DataInputStream(location.getMetadataHandle().openInputStream())) {
                return new Savepoint(
                        path,
                        Checkpoints.loadCheckpointMetadata(
                                in, Savepoint.class.getClassLoader(), path));
            }
        } catch (IOException | RuntimeException e) {
            throw new UserError(
                    "cannot read savepoint "
                            + path
                            + ": "
                            + Errors.root(e).getMessage()
                            + ". Name the folder that holds its file _metadata.",
                    e);
        }
    }

    String path() {
        return path;
    }

    /** Whether the job ended with it, so that no write of it is under way any more. */
    boolean orderly() {
        return orderly;
    }

    /** Operators that have state in it. */
    Set<OperatorID> operators() {
        return operators.keySet();
    }

    /** 0 if the savepoint does not have the operator. */
    int maxParallelism(OperatorID operator) {
        OperatorState state = operators.get(operator);
        return state == null ? 0 : state.getMaxParallelism();
    }

    /**
     * The views whose groups it has.
     *
     * @param groups the group stage of a table
     */
    Collection<ViewMark> views(OperatorID groups) {
        Map<String, ViewMark> views = new HashMap<>();
        OperatorState state = operators.get(groups);
        if (state == null) {
            return views.values();
        }
        for (OperatorSubtaskState subtask : state.getStates()) {
            for (OperatorStateHandle handle : subtask.getManagedOperatorState()) {
                for (ViewMark mark : views(handle)) {
                    views.put(mark.view(), mark);
                }
            }
        }
        return views.values();
    }

    private List<ViewMark> views(OperatorStateHandle handle) {
        OperatorStateHandle.StateMetaInfo info = handle.getStateNameToPartitionOffsets().get(VIEWS);
        List<ViewMark> views = new ArrayList<>();
        if (info == null) {
            return views;
        }
        CodecSerializer<ViewMark> serializer = new CodecSerializer<>(ViewMark.class);
        try (FSDataInputStream in = handle.openInputStream()) {
            for (long offset : info.getOffsets()) {
                in.seek(offset);
                views.add(serializer.deserialize(new DataInputViewStreamWrapper(in)));
            }
            return views;
        } catch (IOException e) {
            throw new UserError(
                    "cannot read the views of savepoint " + path + ": " + e.getMessage(), e);
        }
    }
}
