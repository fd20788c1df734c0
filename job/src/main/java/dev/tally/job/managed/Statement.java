package dev.tally.job.managed;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Some actions that a role may take on some resources. */
public final class Statement {

    private final String role;
    private final Set<String> actions;
    private final List<Resource> resources;

    Statement(String role, Set<String> actions, List<Resource> resources) {
        this.role = role;
        this.actions = actions;
        this.resources = resources;
    }

    /** The role that a table, view or feed names in the views file; null for the job's own. */
    public String role() {
        return role;
    }

    /** Such as {@code dynamodb:Scan}. */
    public Set<String> actions() {
        return actions;
    }

    public List<Resource> resources() {
        return resources;
    }

    /** For a person: the actions, and on what. */
    @Override
    public String toString() {
        return String.join(", ", actions)
                + " on "
                + resources.stream().map(Resource::toString).collect(Collectors.joining(", "));
    }
}
