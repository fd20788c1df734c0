package dev.tally.source.enumerator;

import dev.tally.source.client.Shard;
import dev.tally.source.enumerator.EnumeratorState.ShardState;

/** A shard as far as the enumerator knows it; part of {@link ShardGraph}. */
final class ShardNode {

    final String shardId;

    /** As listed; null without one. */
    final String parentId;

    final Tenure tenure;

    /** Whether nothing has to be read before it: it has no parent, or that was gone at the pin. */
    boolean root;

    /** Whether a reader has seen a record at or after the fence in it or its ancestors. */
    boolean fencePassed;

    /** Service milliseconds before which nothing is unread; 0 if not known. */
    long readUpTo;

    /** Listings in a row that did not have it. */
    int missing;

    ShardNode(String shardId, String parentId, boolean root, Tenure tenure) {
        this.shardId = shardId;
        this.parentId = parentId;
        this.root = root;
        this.tenure = tenure;
    }

    static ShardNode restored(ShardState state) {
        Tenure tenure = Tenure.restored(state.phase());
        ShardNode node = new ShardNode(state.shardId(), state.parentId(), state.root(), tenure);
        node.fencePassed = state.fencePassed();
        // Of a shard that is being read, only its reader's own report counts from here.
        node.readUpTo = tenure.reading() ? 0 : state.readUpTo();
        return node;
    }

    static ShardNode fresh(Shard shard, boolean root) {
        return new ShardNode(shard.shardId(), shard.parentShardId(), root, Tenure.fresh());
    }

    /** It is lost, and held nothing but records older than the fence: as good as read. */
    void expired() {
        tenure.finish();
    }

    ShardState state() {
        return new ShardState(shardId, parentId, root, tenure.phase(), fencePassed, readUpTo);
    }

    String shardId() {
        return shardId;
    }

    String parentId() {
        return parentId;
    }

    Tenure tenure() {
        return tenure;
    }

    boolean fencePassed() {
        return fencePassed;
    }

    long readUpTo() {
        return readUpTo;
    }
}
