package dev.tally.job.managed;

import dev.tally.item.KeySchema;
import dev.tally.job.PipelineOptions;
import dev.tally.sink.DeadLetters;
import dev.tally.sink.StatusTable;
import dev.tally.sink.TargetException;
import dev.tally.sink.Targets;
import dev.tally.view.FeedSpec;
import dev.tally.view.ViewSpec;
import dev.tally.view.Views;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Tables and streams that the stack makes if it is asked to: those that the job writes to, of the
 * stack's own account and region. They stay when the stack goes.
 */
final class Storage {

    private final Map<String, KeySchema> tables = new LinkedHashMap<>();
    private final Set<String> streams = new LinkedHashSet<>();
    private final String region;

    private Storage(String region) {
        this.region = region;
    }

    static List<String> of(Views views, ReadableConfig options) {
        Storage storage = new Storage(options.get(PipelineOptions.REGION));
        for (ViewSpec view : views.views()) {
            storage.target(view);
        }
        for (FeedSpec feed : views.feeds()) {
            boolean files = options.get(PipelineOptions.FEED_DIRECTORY) != null;
            if (!files && storage.own("stream", feed.stream(), feed.region(), feed.roleArn())) {
                storage.streams.add(feed.stream());
            }
        }
        storage.table(options.get(PipelineOptions.STATUS_TABLE), StatusTable.KEY);
        String letters = options.get(PipelineOptions.DEAD_LETTERS_TABLE);
        if (letters != null) {
            storage.table(letters, DeadLetters.KEY);
        }
        return storage.lines();
    }

    private void target(ViewSpec view) {
        String role = view.to().roleArn();
        if (view.to().stream() != null) {
            if (own("stream", view.to().stream(), view.to().region(), role)) {
                streams.add(view.to().stream());
            }
            return;
        }
        if (own("table", view.to().table(), view.to().region(), role)) {
            try {
                tables.putIfAbsent(view.to().table(), Targets.keyFor(view));
            } catch (TargetException e) {
                // Grouped by more than a key has room for: that table has its key already.
            }
        }
    }

    private void table(String name, KeySchema key) {
        if (own("table", name, null, null)) {
            tables.putIfAbsent(name, key);
        }
    }

    private boolean own(String kind, String name, String ownRegion, String role) {
        String there = ownRegion == null ? region : ownRegion;
        return Resource.of("", kind, name, there, role).isOfTheStack();
    }

    private List<String> lines() {
        List<String> lines = new ArrayList<>();
        tables.forEach((name, key) -> lines.addAll(made(name, key)));
        for (String stream : streams) {
            lines.addAll(head("Stream", "AWS::Kinesis::Stream", stream));
            lines.add("    Name: " + ManagedTemplate.quoted(stream));
            lines.add("    StreamModeDetails: { StreamMode: ON_DEMAND }");
        }
        return lines;
    }

    private static List<String> made(String name, KeySchema key) {
        List<String> types = new ArrayList<>();
        List<String> roles = new ArrayList<>();
        for (KeySchema.Attribute attribute : key.attributes()) {
            String named = "{ AttributeName: " + ManagedTemplate.quoted(attribute.name());
            types.add(named + ", AttributeType: " + attribute.type() + " }");
            roles.add(named + ", KeyType: " + (roles.isEmpty() ? "HASH" : "RANGE") + " }");
        }
        List<String> lines = head("Table", "AWS::DynamoDB::Table", name);
        lines.addAll(
                List.of(
                        "    TableName: " + ManagedTemplate.quoted(name),
                        "    BillingMode: PAY_PER_REQUEST",
                        "    AttributeDefinitions: [" + String.join(", ", types) + "]",
                        "    KeySchema: [" + String.join(", ", roles) + "]"));
        return lines;
    }

    private static List<String> head(String kind, String type, String name) {
        return new ArrayList<>(
                List.of(
                        Metric.logicalId(kind, name) + ":",
                        "  Type: " + type,
                        "  Condition: MakesTables",
                        "  DeletionPolicy: Retain",
                        "  UpdateReplacePolicy: Retain",
                        "  Properties:"));
    }
}
