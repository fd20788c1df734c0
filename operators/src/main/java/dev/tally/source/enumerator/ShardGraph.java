package dev.tally.source.enumerator;

import dev.tally.source.client.Shard;
import dev.tally.source.enumerator.EnumeratorState.ShardState;
import dev.tally.source.split.ShardSplit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/**
 * The lineage of a stream's shards: which may be read now, which are done, which may be forgotten,
 * which were lost. Pure: no clock, no calls, no threads.
 *
 * <p><b>Order.</b> A change of an item is in the shard of its partition; when a shard closes, its
 * children go on. So a shard is readable when the end of its parent has been reached and reported,
 * and not before. Where the listing says a shard is closed means nothing here: only a reader that
 * has seen the end knows it.
 *
 * <p><b>Listings lie</b> for a while: a shard is missing, a child shows before its parent, a closed
 * shard shows as open, a closed one without its child. So a listing only ever adds shards, each
 * lineage is judged alone, and nothing is concluded from one missing line:
 *
 * <ul>
 *   <li>a shard whose parent is not known waits for it ({@link #orphans()}), except at the pin:
 *       there the listings of some seconds are put together, and what is not in them is older than
 *       the stream keeps;
 *   <li>a shard that waits for its turn and is missing in {@value #MISSING_MAX} listings in a row
 *       is {@link #lost()}: it has gone unread. One that is being read is not judged by listings:
 *       its reader learns from the service itself that it is gone;
 *   <li>an end without a child asks for another listing ({@link #endsWithoutChild()}).
 * </ul>
 *
 * <p><b>Forgetting.</b> A shard is needed until no reader can start again before its end, and until
 * every child that it has is certainly with a reader; and for as long as it is listed, else it
 * would look new.
 *
 * <p>Shard ids are names here; nothing is read out of them. Iteration is in the order of ids, so
 * that the same input gives the same output.
 */
final class ShardGraph {

    /** Listings in a row without a shard before it is believed to be gone. */
    static final int MISSING_MAX = 5;

    /** Nodes by shard id. */
    private final TreeMap<String, ShardNode> nodes = new TreeMap<>();

    static ShardGraph restored(List<ShardState> shards) {
        ShardGraph graph = new ShardGraph();
        for (ShardState state : shards) {
            graph.nodes.put(state.shardId(), ShardNode.restored(state));
        }
        return graph;
    }

    /**
     * The shards of a new generation: those without a listed parent are read first.
     *
     * @param readUpTo before which no shard can have a record any more
     */
    static ShardGraph pinned(List<Shard> shards, long readUpTo) {
        ShardGraph graph = new ShardGraph();
        Set<String> listed = new HashSet<>();
        shards.forEach(shard -> listed.add(shard.shardId()));
        for (Shard shard : shards) {
            boolean root = !listed.contains(shard.parentShardId());
            graph.put(shard, root).readUpTo = readUpTo;
        }
        return graph;
    }

    private ShardNode put(Shard shard, boolean root) {
        ShardNode node = ShardNode.fresh(shard, root);
        nodes.put(node.shardId, node);
        return node;
    }

    /**
     * Takes a complete listing.
     *
     * @return shards that show up after a child of theirs has been started, although the pin had no
     *     trace of them: their order is lost
     */
    List<String> listed(Listing listing) {
        Set<String> listed = new HashSet<>();
        listing.shards().forEach(shard -> listed.add(shard.shardId()));
        for (ShardNode node : nodes.values()) {
            node.missing = listed.contains(node.shardId) ? 0 : node.missing + 1;
        }
        List<String> late = new ArrayList<>();
        for (Shard shard : listing.shards()) {
            if (!nodes.containsKey(shard.shardId())) {
                add(shard, late);
            }
        }
        forget();
        return late;
    }

    /** A new generation reads on: nothing has passed its fence yet. */
    void fenced() {
        nodes.values().forEach(node -> node.fencePassed = false);
    }

    /**
     * Takes in a later pin: a parent that it does not show is older than the stream keeps.
     *
     * @return not if a shard shows after its child was begun: records after the fence are unread
     */
    boolean readsOn(List<Shard> pinned) {
        List<String> late = new ArrayList<>();
        for (Shard shard : pinned) {
            if (!nodes.containsKey(shard.shardId())) {
                add(shard, late);
            }
        }
        for (String orphan : orphans()) {
            nodes.get(orphan).root = true;
        }
        return late.isEmpty();
    }

    private void add(Shard shard, List<String> late) {
        boolean done = false;
        for (ShardNode child : nodes.values()) {
            if (shard.shardId().equals(child.parentId) && !child.tenure.waiting()) {
                if (child.root) {
                    late.add(shard.shardId());
                }
                done = true;
            }
        }
        if (done) {
            return;
        }
        for (ShardNode child : nodes.values()) {
            if (shard.shardId().equals(child.parentId)) {
                child.root = false;
            }
        }
        boolean root = shard.parentShardId() == null;
        ShardNode node = put(shard, root);
        ShardNode parent = parent(node);
        node.readUpTo = parent == null ? 0 : parent.readUpTo;
    }

    private ShardNode parent(ShardNode node) {
        return node.parentId == null ? null : nodes.get(node.parentId);
    }

    /** Shards whose turn has come and that nobody has. */
    List<ShardNode> readable() {
        List<ShardNode> readable = new ArrayList<>();
        for (ShardNode node : nodes.values()) {
            if (node.tenure.waiting() && turnHasCome(node)) {
                readable.add(node);
            }
        }
        return readable;
    }

    private boolean turnHasCome(ShardNode node) {
        ShardNode parent = parent(node);
        return parent == null ? node.root : parent.tenure.finished();
    }

    /** The subtask whose channel the parent's records took; nobody if that does not matter. */
    int heir(ShardNode node) {
        ShardNode parent = parent(node);
        return parent == null ? Tenure.NOBODY : parent.tenure.owner();
    }

    /** Gives the shard to a subtask, with what its lineage knows. */
    void assign(ShardNode node, int subtask) {
        node.tenure.assign(subtask);
        ShardNode parent = parent(node);
        // What an earlier attempt saw of this shard does not count: it is read from its start.
        node.fencePassed = parent != null && parent.fencePassed;
        if (parent != null) {
            node.readUpTo = Math.max(node.readUpTo, parent.readUpTo);
        }
    }

    /**
     * Takes what a reader says of a shard.
     *
     * @return whether a completed checkpoint holds its end: the reader need not keep it
     */
    boolean reported(ShardSplit split, int subtask) {
        ShardNode node = nodes.get(split.shardId());
        if (node == null) {
            if (split.finished()) {
                return true;
            }
            throw new IllegalStateException(
                    "subtask " + subtask + " has " + split + ", which is in no listing or state");
        }
        node.tenure.claim(subtask);
        if (split.finished()) {
            node.tenure.finish();
        }
        node.fencePassed = split.fencePassed();
        node.readUpTo = split.readUpTo();
        return node.tenure.finished() && node.tenure.certain();
    }

    /** A subtask starts again, and the splits are those that its checkpoint does not hold. */
    void reset(int subtask, List<ShardSplit> back) {
        for (ShardNode node : nodes.values()) {
            if (node.tenure.owner() == subtask) {
                node.tenure.forgetUncertainEnd();
                if (node.tenure.reading()) {
                    node.readUpTo = 0;
                }
            }
        }
        for (ShardSplit split : back) {
            ShardNode node = nodes.get(split.shardId());
            if (node != null) {
                node.tenure.giveBack();
                node.fencePassed = split.fencePassed();
                node.readUpTo = split.readUpTo();
            }
        }
    }

    void checkpointBegins(long checkpoint) {
        nodes.values().forEach(node -> node.tenure.checkpointBegins(checkpoint));
    }

    /** Adds the shards whose end has become certain to those of their owners. */
    void checkpointCompleted(long checkpoint, int incarnation, CertainEnds ends) {
        for (ShardNode node : nodes.values()) {
            if (node.tenure.checkpointCompleted(checkpoint) && node.tenure.finished()) {
                ends.add(node.tenure.owner(), ShardSplit.id(incarnation, node.shardId));
            }
        }
    }

    private void forget() {
        List<String> forgotten = new ArrayList<>();
        for (ShardNode node : nodes.values()) {
            boolean gone = node.missing >= MISSING_MAX;
            if (gone && node.tenure.finished() && node.tenure.certain() && childrenCertain(node)) {
                forgotten.add(node.shardId);
            }
        }
        forgotten.forEach(nodes::remove);
    }

    private boolean childrenCertain(ShardNode parent) {
        for (ShardNode child : nodes.values()) {
            boolean certain = child.tenure.certain() && !child.tenure.waiting();
            if (parent.shardId.equals(child.parentId) && !certain) {
                return false;
            }
        }
        return true;
    }

    /** Shards that went out of the listings before their turn came. */
    List<ShardNode> lost() {
        List<ShardNode> lost = new ArrayList<>();
        for (ShardNode node : nodes.values()) {
            if (node.tenure.waiting() && node.missing >= MISSING_MAX) {
                lost.add(node);
            }
        }
        return lost;
    }

    /** Shards that went out of the listings while being read before the fence. */
    List<ShardNode> fading() {
        List<ShardNode> fading = new ArrayList<>();
        for (ShardNode node : nodes.values()) {
            boolean gone = node.missing >= MISSING_MAX;
            if (gone && node.tenure.reading() && !node.fencePassed) {
                fading.add(node);
            }
        }
        return fading;
    }

    /** Shards whose parent is neither known nor was gone at the pin. */
    List<String> orphans() {
        List<String> orphans = new ArrayList<>();
        for (ShardNode node : nodes.values()) {
            if (node.tenure.waiting() && !node.root && parent(node) == null) {
                orphans.add(node.shardId);
            }
        }
        return orphans;
    }

    /** Shards read to their end whose child has not shown yet. */
    List<String> endsWithoutChild() {
        Set<String> parents = new HashSet<>();
        nodes.values().forEach(node -> parents.add(node.parentId));
        List<String> ends = new ArrayList<>();
        for (ShardNode node : nodes.values()) {
            boolean listed = node.missing < MISSING_MAX;
            if (node.tenure.finished() && listed && !parents.contains(node.shardId)) {
                ends.add(node.shardId);
            }
        }
        return ends;
    }

    /** Shards that a checkpoint says are being read and that no reader has reported. */
    List<String> unclaimed() {
        List<String> ids = new ArrayList<>();
        for (ShardNode node : nodes.values()) {
            if (node.tenure.reading() && node.tenure.owner() == Tenure.NOBODY) {
                ids.add(node.shardId);
            }
        }
        return ids;
    }

    /** Whether a listing should be asked for soon: something in the graph waits for one. */
    boolean wantsListing() {
        if (!orphans().isEmpty() || !endsWithoutChild().isEmpty()) {
            return true;
        }
        for (ShardNode node : nodes.values()) {
            boolean unread = node.tenure.waiting() || (node.tenure.reading() && !node.fencePassed);
            if (unread && node.missing > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether every lineage has been read past a moment.
     *
     * @param excused ends whose missing child is not waited for any more
     */
    boolean allPast(long moment, Set<String> excused) {
        Set<String> childless = new HashSet<>(endsWithoutChild());
        for (ShardNode node : nodes.values()) {
            boolean past = node.readUpTo >= moment;
            if (node.tenure.finished()) {
                if (!past && childless.contains(node.shardId) && !excused.contains(node.shardId)) {
                    return false;
                }
            } else if (!past || node.tenure.waiting()) {
                return false;
            }
        }
        // A stream that has just been switched on shows no shards for some seconds.
        return !nodes.isEmpty();
    }

    /** Service milliseconds before which no change of the stream is unread; 0 if not known. */
    long readUpTo() {
        Set<String> childless = new HashSet<>(endsWithoutChild());
        long least = Long.MAX_VALUE;
        for (ShardNode node : nodes.values()) {
            if (!node.tenure.finished() || childless.contains(node.shardId)) {
                least = Math.min(least, node.readUpTo);
            }
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }

    boolean allFinished() {
        return nodes.values().stream().allMatch(node -> node.tenure.finished());
    }

    /** Shards that are not finished. */
    int open() {
        return (int) nodes.values().stream().filter(node -> !node.tenure.finished()).count();
    }

    /** Shards that the subtask is reading. */
    int reading(int subtask) {
        int count = 0;
        for (ShardNode node : nodes.values()) {
            if (node.tenure.reading() && node.tenure.owner() == subtask) {
                count++;
            }
        }
        return count;
    }

    ShardNode node(String shardId) {
        return nodes.get(shardId);
    }

    List<ShardState> state() {
        List<ShardState> states = new ArrayList<>();
        for (ShardNode node : nodes.values()) {
            states.add(node.state());
        }
        return states;
    }
}
