package dev.tally.job;

import dev.tally.sink.StatusTable;
import dev.tally.sink.TargetSettings;
import dev.tally.source.SourceOptions;
import dev.tally.source.client.ClientSettings;
import dev.tally.view.TableSpec;
import dev.tally.view.Views;
import dev.tally.view.file.FlatYaml;
import dev.tally.view.file.ViewsFile;
import dev.tally.view.file.ViewsFileException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;
import org.apache.flink.core.fs.FileSystem;

/**
 * What was configured, from one precedence: command line, runtime properties of the service,
 * pipeline.yaml, defaults. Every key must be one of {@link PipelineOptions}.
 */
public final class PipelineConfig {

    private static final Path DEFAULT_FILE = Path.of("flink-conf", "pipeline.yaml");

    private final Configuration options;
    private final Views views;
    private final boolean managed;

    private PipelineConfig(Configuration options, Views views, boolean managed) {
        this.options = options;
        this.views = views;
        this.managed = managed;
    }

    /**
     * @throws UserError with all mistakes of the files and options
     */
    public static PipelineConfig load(CommandLine line) {
        ApplicationProperties properties = ApplicationProperties.of(line);
        Configuration options = options(line, properties);
        return new PipelineConfig(
                options, readViews(options, properties.values()), properties.exist());
    }

    /** For what asks its question on the command line. */
    static PipelineConfig withoutViews(CommandLine line) {
        Views none = new Views(List.of(), List.of(), List.of());
        return new PipelineConfig(options(line, ApplicationProperties.NONE), none, false);
    }

    private static Configuration options(CommandLine line, ApplicationProperties properties) {
        Configuration options = new Configuration();
        String file = line.get("pipeline");
        // Where runtime properties are, they are everything: as on the service, which has no file.
        boolean usual = !properties.exist() && Files.exists(home().resolve(DEFAULT_FILE));
        if (file != null || usual) {
            Path path = file == null ? home().resolve(DEFAULT_FILE) : Path.of(file);
            put(options, readYaml(path, properties.values()), path.toString());
        }
        put(options, properties.values(), properties.where());
        String[] pairs = line.definitions();
        for (int i = 0; i + 1 < pairs.length; i += 2) {
            put(options, Map.of(pairs[i], pairs[i + 1]), "the command line");
        }
        if (line.has("views")) {
            options.set(PipelineOptions.VIEWS, line.get("views"));
        }
        if (line.has("dynamodb-endpoint")) {
            options.set(PipelineOptions.DYNAMODB_ENDPOINT, line.get("dynamodb-endpoint"));
        }
        if (line.has("kinesis-endpoint")) {
            options.set(PipelineOptions.KINESIS_ENDPOINT, line.get("kinesis-endpoint"));
        }
        if (line.has("create-tables")) {
            options.set(PipelineOptions.CREATE_TABLES, true);
        }
        if (line.has("resnapshot")) {
            options.set(PipelineOptions.RESNAPSHOT, List.of(line.get("resnapshot").split("[,;]")));
        }
        if (line.has("replay")) {
            options.set(PipelineOptions.REPLAY, true);
        }
        if (line.has("drop")) {
            options.set(PipelineOptions.DROP, List.of(line.get("drop").split("[,;]")));
        }
        if (line.has("region")) {
            options.set(PipelineOptions.REGION, line.get("region"));
        }
        checkTypes(options);
        properties.require(PipelineOptions.VIEWS, options);
        return options;
    }

    /** The folder of the project when its script started this, else the working directory. */
    static Path home() {
        return Path.of(System.getProperty("tally.home", ""));
    }

    private static void put(Configuration options, Map<String, String> values, String where) {
        AccessKeys.refuse(values, where);
        Set<String> known = new TreeSet<>();
        for (ConfigOption<?> option : PipelineOptions.all()) {
            known.add(option.key());
        }
        List<String> mistakes = new ArrayList<>();
        values.forEach(
                (key, value) -> {
                    if (known.contains(key)) {
                        options.setString(key, value);
                    } else {
                        mistakes.add(
                                "cannot use the key '"
                                        + key
                                        + "' of "
                                        + where
                                        + ": there is none of that name. There are "
                                        + String.join(", ", known)
                                        + ".");
                    }
                });
        if (!mistakes.isEmpty()) {
            throw UserError.of(mistakes);
        }
    }

    private static Map<String, String> readYaml(Path path, Map<String, String> properties) {
        try {
            return FlatYaml.read(path.toString(), text(path), variables(properties));
        } catch (ViewsFileException e) {
            List<String> mistakes = new ArrayList<>();
            e.mistakes().forEach(mistake -> mistakes.add("cannot use " + path + ":" + mistake));
            throw UserError.of(mistakes);
        } catch (IOException e) {
            throw new UserError("cannot read " + path + ": " + e.getMessage(), e);
        }
    }

    private static UnaryOperator<String> variables(Map<String, String> properties) {
        return name -> properties.getOrDefault(name, System.getenv(name));
    }

    private static String text(Path path) throws IOException {
        return new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
    }

    /** Flink's options convert when they are read: here, so that a wrong one has its name. */
    private static void checkTypes(Configuration options) {
        List<String> mistakes = new ArrayList<>();
        for (ConfigOption<?> option : PipelineOptions.all()) {
            try {
                options.getOptional(option);
            } catch (IllegalArgumentException e) {
                mistakes.add("cannot use " + option.key() + ": " + Errors.root(e).getMessage());
            }
        }
        if (!mistakes.isEmpty()) {
            throw UserError.of(mistakes);
        }
    }

    private static Views readViews(Configuration options, Map<String, String> properties) {
        String where = options.get(PipelineOptions.VIEWS);
        try {
            return ViewsFile.parse(where, viewsText(where), variables(properties));
        } catch (ViewsFileException e) {
            throw new UserError(e.getMessage(), e);
        } catch (IOException e) {
            throw new UserError(
                    "cannot read the views file "
                            + where
                            + ": "
                            + e.getMessage()
                            + ". Name it with --views or views.uri.",
                    e);
        }
    }

    private static String viewsText(String where) throws IOException {
        URI uri = URI.create(where.replace(" ", "%20"));
        if (uri.getScheme() == null) {
            Path path = Path.of(where);
            return text(Files.exists(path) ? path : home().resolve(where));
        }
        org.apache.flink.core.fs.Path path = new org.apache.flink.core.fs.Path(uri);
        try (InputStream in = FileSystem.get(uri).open(path)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    public Views views() {
        return views;
    }

    <T> T get(ConfigOption<T> option) {
        return options.get(option);
    }

    ReadableConfig options() {
        return options;
    }

    /** The same, with one option set otherwise: what local runs find out at their start. */
    <T> PipelineConfig with(ConfigOption<T> option, T value) {
        Configuration other = new Configuration(options);
        other.set(option, value);
        return new PipelineConfig(other, views, managed);
    }

    /**
     * Whether the job runs as on Amazon Managed Flink, with its runtime properties: then most
     * settings of Flink are the service's, and a job that touches them is refused.
     */
    boolean isManaged() {
        return managed;
    }

    ClientSettings clientSettings() {
        boolean aws = options.get(PipelineOptions.SOURCE_ON_AWS);
        return ClientSettings.of(
                options.get(PipelineOptions.REGION),
                null,
                aws ? null : uri(PipelineOptions.DYNAMODB_ENDPOINT),
                aws ? null : uri(PipelineOptions.STREAMS_ENDPOINT));
    }

    /** Limits and paces of the source of one table. */
    SourceOptions sourceOptions(TableSpec table) {
        return SourceOptions.defaults()
                .withReplay(get(PipelineOptions.REPLAY))
                .withResnapshot(get(PipelineOptions.RESNAPSHOT).contains(table.logicalName()))
                .withSegments(get(PipelineOptions.SCAN_SEGMENTS))
                .withIdlePoll(
                        get(PipelineOptions.IDLE_POLL_MIN), get(PipelineOptions.IDLE_POLL_MAX))
                .withTimePrecision(get(PipelineOptions.TIME_PRECISION))
                .withIntervals(get(PipelineOptions.DISCOVERY_INTERVAL), Duration.ofMillis(500));
    }

    /**
     * DynamoDB Local and kinesis-local take any credentials and need some; nobody should have to
     * invent them. Those of the environment are left alone.
     */
    public static void useLocalCredentials() {
        if (System.getenv("AWS_REGION") == null) {
            System.setProperty("aws.region", System.getProperty("aws.region", "us-east-1"));
        }
        if (System.getenv("AWS_ACCESS_KEY_ID") == null) {
            System.setProperty("aws.accessKeyId", "local");
            System.setProperty("aws.secretAccessKey", "local");
            // Apache's consumer reads the stream with the older SDK, which has another name for it.
            System.setProperty("aws.secretKey", "local");
        }
    }

    /** Whether all of DynamoDB that is used is on this machine. */
    boolean isLocal() {
        URI endpoint = uri(PipelineOptions.DYNAMODB_ENDPOINT);
        return endpoint != null
                && !options.get(PipelineOptions.SOURCE_ON_AWS)
                && List.of("localhost", "127.0.0.1").contains(endpoint.getHost());
    }

    private URI uri(ConfigOption<String> option) {
        String text = options.get(option);
        return text == null ? null : URI.create(text);
    }

    /** The caller closes it. */
    public StatusTable status() {
        return new StatusTable(
                get(PipelineOptions.STATUS_TABLE), targetSettings(null, null), Clock.systemUTC());
    }

    /** Milliseconds: by then a job that is replaced now is dead, and its last request expired. */
    long lateWritesUntil() {
        return System.currentTimeMillis() + get(PipelineOptions.LATE_WRITES_LIMIT).toMillis();
    }

    /** How a target table is reached: its own region and role, else the general ones. */
    public TargetSettings targetSettings(String region, String roleArn) {
        return new TargetSettings(
                region == null ? options.get(PipelineOptions.REGION) : region,
                roleArn,
                options.get(PipelineOptions.DYNAMODB_ENDPOINT));
    }
}
