package dev.tally.job.managed;

import dev.tally.job.PipelineOptions;
import dev.tally.view.FeedSpec;
import dev.tally.view.TableSpec;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import dev.tally.view.Views;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Exactly what a views file makes the job do at AWS: each call that it makes, on what. {@code
 * check} lists it, the stack's role has it, and a test runs the job behind a service that denies
 * everything else.
 */
public final class Permissions {

    private static final List<String> STREAM =
            List.of("dynamodb:DescribeStream", "dynamodb:GetShardIterator", "dynamodb:GetRecords");

    /** Actions by role (empty: the job's own) and resource, in the order of the views file. */
    private final Map<String, Map<Resource, Set<String>>> granted = new LinkedHashMap<>();

    private final ReadableConfig options;
    private final String region;
    private final boolean create;

    private Permissions(ReadableConfig options) {
        this.options = options;
        this.region = options.get(PipelineOptions.REGION);
        this.create = options.get(PipelineOptions.CREATE_TABLES);
    }

    /** What the job calls, at its start and while it runs. */
    public static List<Statement> ofJob(Views views, ReadableConfig options) {
        Permissions permissions = new Permissions(options);
        for (TableSpec table : views.tables()) {
            permissions.source(table);
        }
        for (ViewSpec view : views.views()) {
            permissions.target(view.to());
        }
        if (options.get(PipelineOptions.FEED_DIRECTORY) == null) {
            for (FeedSpec feed : views.feeds()) {
                permissions.stream(feed.stream(), feed.region(), feed.roleArn());
            }
        }
        permissions.ownTables();
        return permissions.statements();
    }

    /**
     * What whoever runs {@code check}, {@code verify}, with {@code --repair} or not, and {@code
     * dead-letters} needs.
     */
    public static List<Statement> ofCommands(Views views, ReadableConfig options) {
        Permissions permissions = new Permissions(options);
        String letters = options.get(PipelineOptions.DEAD_LETTERS_TABLE);
        for (TableSpec table : views.tables()) {
            Resource source = permissions.table(table.tableName(), table.region(), table.roleArn());
            permissions.grant(table.roleArn(), source, "dynamodb:DescribeTable", "dynamodb:Scan");
            if (letters != null) {
                permissions.grant(table.roleArn(), source, "dynamodb:GetItem");
            }
        }
        for (ViewSpec view : views.views()) {
            if (view.to().table() != null) {
                permissions.target(view.to());
                if (letters != null) {
                    permissions.grant(
                            view.to().roleArn(),
                            permissions.table(
                                    view.to().table(), view.to().region(), view.to().roleArn()),
                            "dynamodb:GetItem");
                }
            }
        }
        String status = options.get(PipelineOptions.STATUS_TABLE);
        permissions.grant(null, permissions.table(status, null, null), "dynamodb:GetItem");
        if (letters != null) {
            permissions.grant(
                    null,
                    permissions.table(letters, null, null),
                    "dynamodb:Scan",
                    "dynamodb:DeleteItem");
        }
        return permissions.statements();
    }

    private void source(TableSpec table) {
        Resource resource = table(table.tableName(), table.region(), table.roleArn());
        grant(table.roleArn(), resource, "dynamodb:DescribeTable");
        boolean scans =
                table.start() == TableSpec.Start.SNAPSHOT
                        && table.reader() == TableSpec.Reader.TALLY;
        if (scans) {
            grant(table.roleArn(), resource, "dynamodb:Scan");
        }
        // The stream's name changes when it is switched off and on.
        STREAM.forEach(action -> grant(table.roleArn(), resource.below("/stream/*"), action));
    }

    private void target(Target to) {
        if (to.table() == null) {
            stream(to.stream(), to.region(), to.roleArn());
            return;
        }
        Resource table = table(to.table(), to.region(), to.roleArn());
        described(to.roleArn(), table);
        // Rows are compared with the target after a start, and found there when they are lost.
        grant(to.roleArn(), table, "dynamodb:Scan", "dynamodb:UpdateItem");
        if (to.emptyGroup() == Target.EmptyGroup.DELETE) {
            grant(to.roleArn(), table, "dynamodb:GetItem", "dynamodb:DeleteItem");
        }
    }

    private void stream(String name, String ownRegion, String roleArn) {
        Resource stream = Resource.of("kinesis", "stream", name, or(ownRegion), roleArn);
        grant(roleArn, stream, "kinesis:PutRecords");
        // The job looks for it at its start as itself.
        grant(null, stream, "kinesis:DescribeStreamSummary");
        if (create) {
            grant(null, stream, "kinesis:CreateStream", "kinesis:DescribeStream");
        }
    }

    private void ownTables() {
        Resource status = table(options.get(PipelineOptions.STATUS_TABLE), null, null);
        described(null, status);
        grant(null, status, "dynamodb:GetItem", "dynamodb:UpdateItem");
        String letters = options.get(PipelineOptions.DEAD_LETTERS_TABLE);
        if (letters != null) {
            described(null, table(letters, null, null));
            grant(null, table(letters, null, null), "dynamodb:BatchWriteItem");
        }
    }

    private void described(String role, Resource table) {
        grant(role, table, "dynamodb:DescribeTable");
        if (create) {
            grant(role, table, "dynamodb:CreateTable");
        }
    }

    private Resource table(String name, String ownRegion, String roleArn) {
        return Resource.of("dynamodb", "table", name, or(ownRegion), roleArn);
    }

    private String or(String ownRegion) {
        return ownRegion == null ? region : ownRegion;
    }

    private void grant(String role, Resource resource, String... actions) {
        if (role != null) {
            Set<String> assume = of("", Resource.arn(role));
            assume.add("sts:AssumeRole");
        }
        of(role == null ? "" : role, resource).addAll(List.of(actions));
    }

    private Set<String> of(String role, Resource resource) {
        return granted.computeIfAbsent(role, name -> new LinkedHashMap<>())
                .computeIfAbsent(resource, name -> new TreeSet<>());
    }

    /** Resources with the same actions share a statement: a role's policy has room for 10 KB. */
    private List<Statement> statements() {
        List<Statement> statements = new ArrayList<>();
        granted.forEach(
                (role, resources) -> {
                    Map<Set<String>, List<Resource>> alike = new LinkedHashMap<>();
                    resources.forEach(
                            (resource, actions) ->
                                    alike.computeIfAbsent(actions, set -> new ArrayList<>())
                                            .add(resource));
                    alike.forEach(
                            (actions, of) ->
                                    statements.add(
                                            new Statement(
                                                    role.isEmpty() ? null : role, actions, of)));
                });
        return statements;
    }
}
