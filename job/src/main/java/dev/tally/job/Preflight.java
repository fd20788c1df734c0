package dev.tally.job;

import dev.tally.item.KeySchema;
import dev.tally.sink.DeadLetters;
import dev.tally.sink.DynamoDbTargetRows;
import dev.tally.sink.RowTable;
import dev.tally.sink.Streams;
import dev.tally.sink.Tables;
import dev.tally.sink.TargetException;
import dev.tally.sink.TargetSettings;
import dev.tally.sink.Targets;
import dev.tally.source.client.AwsTableClients;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.TableClient;
import dev.tally.source.client.TableClients;
import dev.tally.source.client.TableDescription;
import dev.tally.source.client.Wanted;
import dev.tally.view.FeedSpec;
import dev.tally.view.Membership;
import dev.tally.view.TableSpec;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;

/**
 * What is known of all tables before anything runs: sources and targets as DynamoDB describes them,
 * checked against the views. All mistakes are found at once; missing targets are created where that
 * is allowed.
 */
public final class Preflight {

    private final PipelineConfig config;
    private final TableClients clients;
    private final Map<String, TableDescription> sources = new LinkedHashMap<>();
    private final Map<String, KeySchema> targetKeys = new HashMap<>();
    private final List<String> notes = new ArrayList<>();
    private final List<String> mistakes = new ArrayList<>();

    private Preflight(PipelineConfig config, TableClients clients) {
        this.config = config;
        this.clients = clients;
    }

    /**
     * Everything that a job needs.
     *
     * @throws UserError with every mistake
     */
    public static Preflight ofJob(PipelineConfig config) {
        return ofJob(config, new AwsTableClients(config.clientSettings()));
    }

    /**
     * @param clients of the source tables
     */
    public static Preflight ofJob(PipelineConfig config, TableClients clients) {
        Preflight preflight = ofTables(config, clients);
        boolean create = config.get(PipelineOptions.CREATE_TABLES);
        try {
            preflight.streams(create);
            preflight.ownTables(create);
        } catch (TargetException e) {
            throw new UserError(e.getMessage(), e);
        }
        if (!preflight.mistakes.isEmpty()) {
            throw UserError.of(preflight.mistakes);
        }
        return preflight;
    }

    /**
     * Sources and targets only; writes nothing unless tables may be created.
     *
     * @throws UserError with every mistake
     */
    static Preflight ofTables(PipelineConfig config) {
        return ofTables(config, new AwsTableClients(config.clientSettings()));
    }

    private static Preflight ofTables(PipelineConfig config, TableClients clients) {
        Preflight preflight = new Preflight(config, clients);
        for (TableSpec table : config.views().tables()) {
            preflight.source(table);
        }
        boolean create = config.get(PipelineOptions.CREATE_TABLES);
        Targets targets =
                Targets.look(
                        config.views().views(),
                        preflight::settings,
                        create && preflight.mistakes.isEmpty());
        preflight.mistakes.addAll(targets.problems());
        preflight.targetKeys.putAll(targets.keys());
        for (String created : targets.created()) {
            preflight.notes.add("created table " + created);
        }
        if (!preflight.mistakes.isEmpty()) {
            throw UserError.of(preflight.mistakes);
        }
        return preflight;
    }

    private void source(TableSpec table) {
        TableDescription description = describe(table);
        if (description == null) {
            return;
        }
        String unusable = StreamCheck.mistake(table, description);
        if (unusable != null) {
            mistakes.add(unusable);
            return;
        }
        if (description.replicas() > 0) {
            notes.add(
                    "table "
                            + table.tableName()
                            + " has replicas: DynamoDB advises one reader of its stream, and Tally"
                            + " is one.");
        }
        sources.put(table.logicalName(), description);
    }

    private TableDescription describe(TableSpec table) {
        try (TableClient client = clients.open(table)) {
            return client.describeTable().get();
        } catch (ClientException | ExecutionException e) {
            mistakes.add(Errors.sentence(e));
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
    }

    private void streams(boolean create) {
        if (config.get(PipelineOptions.FEED_DIRECTORY) == null) {
            for (FeedSpec feed : config.views().feeds()) {
                stream("feed " + feed.name(), feed.stream(), feed.region(), create);
            }
        }
        for (ViewSpec view : config.views().views()) {
            if (view.to().stream() != null) {
                stream("view " + view.name(), view.to().stream(), view.to().region(), create);
            }
        }
    }

    private void stream(String what, String stream, String region, boolean create) {
        String wanted = region == null ? config.get(PipelineOptions.REGION) : region;
        try (Streams streams = new Streams(wanted, config.get(PipelineOptions.KINESIS_ENDPOINT))) {
            if (streams.exists(stream)) {
                return;
            }
            if (create) {
                streams.create(stream);
                notes.add("created stream " + stream);
            } else {
                mistakes.add(
                        "cannot write "
                                + what
                                + " to stream "
                                + stream
                                + ": there is no such stream. Create it, or start with"
                                + " --create-tables.");
            }
        }
    }

    private void ownTables(boolean create) {
        String status = config.get(PipelineOptions.STATUS_TABLE);
        if (Targets.status(status, config.targetSettings(null, null), create)) {
            notes.add("created table " + status);
        }
        String deadLetters = config.get(PipelineOptions.DEAD_LETTERS_TABLE);
        if (deadLetters == null) {
            return;
        }
        try (Tables tables = new Tables(config.targetSettings(null, null).forTable(deadLetters))) {
            if (tables.key(deadLetters).isPresent()) {
                return;
            }
            if (!create) {
                throw new UserError(
                        "cannot keep dead letters in table "
                                + deadLetters
                                + ": there is no such table. Create it with the key "
                                + DeadLetters.KEY
                                + ", or start with --create-tables.");
            }
            tables.create(deadLetters, DeadLetters.KEY, false);
            notes.add("created table " + deadLetters);
        }
    }

    private TargetSettings settings(Target to) {
        return config.targetSettings(to.region(), to.roleArn());
    }

    /** Things worth knowing that stop nothing. */
    List<String> notes() {
        return notes;
    }

    public TableClients clients() {
        return clients;
    }

    /** Feeds show whole images; of others only what views read is made an object. */
    Wanted wanted(TableSpec table, List<ViewSpec> views, List<FeedSpec> feeds) {
        if (!feeds.isEmpty()) {
            return Wanted.ALL;
        }
        Set<String> attributes = new TreeSet<>();
        for (ViewSpec view : views) {
            attributes.addAll(membership(view).attributes());
        }
        return Wanted.only(attributes, source(table.logicalName()).key());
    }

    TableDescription source(String logicalName) {
        return sources.get(logicalName);
    }

    public Membership membership(ViewSpec view) {
        return new Membership(view, targetKeys.get(view.name()));
    }

    /** Null for a view whose rows go to a stream. */
    public KeySchema targetKey(String view) {
        return targetKeys.get(view);
    }

    /** Reads the targets of these views; the caller closes it. */
    DynamoDbTargetRows targetRows(List<ViewSpec> views) {
        Map<String, KeySchema> keys = new HashMap<>();
        Map<String, TargetSettings> settings = new HashMap<>();
        for (ViewSpec view : views) {
            if (view.to().table() != null) {
                keys.put(view.name(), targetKeys.get(view.name()));
                settings.put(view.name(), settings(view.to()).forTable(view.to().table()));
            }
        }
        return new DynamoDbTargetRows(keys, settings);
    }

    /** Writes single rows of a view; the caller closes it. */
    RowTable rowTable(ViewSpec view) {
        return new RowTable(view, targetKeys.get(view.name()), settings(view.to()));
    }

    TableSpec table(ViewSpec view) {
        for (TableSpec table : config.views().tables()) {
            if (table.logicalName().equals(view.table())) {
                return table;
            }
        }
        throw new IllegalStateException("view " + view.name() + " has no table");
    }
}
