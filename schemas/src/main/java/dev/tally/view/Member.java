package dev.tally.view;

import dev.tally.item.Value;
import java.util.Arrays;
import java.util.Objects;

/** An image's membership in one group, with what it gives to each measure. */
public final class Member {

    private final GroupKey group;
    private final Value[] inputs;

    /**
     * @param inputs one per measure of the spec, null where the image gives nothing; not copied
     */
    public Member(GroupKey group, Value[] inputs) {
        this.group = Objects.requireNonNull(group);
        this.inputs = Objects.requireNonNull(inputs);
    }

    public GroupKey group() {
        return group;
    }

    /** Must not be changed. */
    public Value[] inputs() {
        return inputs;
    }

    @Override
    public boolean equals(Object o) {
        return o instanceof Member
                && ((Member) o).group.equals(group)
                && Arrays.equals(((Member) o).inputs, inputs);
    }

    @Override
    public int hashCode() {
        return group.hashCode();
    }
}
