package dev.tally.job;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.Configuration;

/**
 * The runtime properties of Amazon Managed Flink: the file that the service puts beside a job, or
 * the same file named with {@code --application-properties}. Only the group {@code tally} is read.
 *
 * <p>AWS's own library returns nothing if the file is missing, and reads it with a Jackson that
 * belongs to Flink.
 */
final class ApplicationProperties {

    static final ApplicationProperties NONE = new ApplicationProperties(null, Map.of());

    static final String GROUP = "tally";

    private static final Path OF_SERVICE = Path.of("/etc/flink/application_properties.json");

    /** Limit of the service. */
    private static final int MAX_VALUE = 2048;

    private static final String SHAPE =
            " It must be [{\"PropertyGroupId\": \"tally\", \"PropertyMap\": {\"views.uri\":"
                    + " \"...\"}}].";

    private static final ObjectMapper JSON =
            new ObjectMapper()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private final Path file;
    private final Map<String, String> values;

    private ApplicationProperties(Path file, Map<String, String> values) {
        this.file = file;
        this.values = values;
    }

    /**
     * {@link #NONE} if none is named and this is not the service.
     *
     * @throws UserError that names file, group and key
     */
    static ApplicationProperties of(CommandLine line) {
        String named = line.get("application-properties");
        if (named != null) {
            return read(Path.of(named));
        }
        return Files.exists(OF_SERVICE) ? read(OF_SERVICE) : NONE;
    }

    static ApplicationProperties read(Path file) {
        if (!Files.isRegularFile(file)) {
            throw mistake(file, "there is no such file. Name one with --application-properties.");
        }
        JsonNode groups = parse(file);
        if (!groups.isArray()) {
            throw mistake(file, "it is no array of groups." + SHAPE);
        }
        Set<String> others = new TreeSet<>();
        JsonNode found = null;
        for (JsonNode group : groups) {
            String id = group.path("PropertyGroupId").asText();
            if (!id.equals(GROUP)) {
                others.add(id);
            } else if (found != null) {
                throw mistake(file, "the group " + GROUP + " is there twice. Remove one.");
            } else {
                found = group.path("PropertyMap");
            }
        }
        if (found == null) {
            throw mistake(file, "there is no group " + GROUP + ", but " + others + "." + SHAPE);
        }
        if (!found.isObject()) {
            throw mistake(file, "the group " + GROUP + " has no PropertyMap." + SHAPE);
        }
        return new ApplicationProperties(file, values(file, found));
    }

    /** Says where it is no JSON; what the parser says would quote it. */
    private static JsonNode parse(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (JsonProcessingException e) {
            JsonLocation place = e.getLocation();
            throw mistake(
                    file,
                    "at line "
                            + place.getLineNr()
                            + ", column "
                            + place.getColumnNr()
                            + " it is no JSON, or has a key twice."
                            + SHAPE);
        } catch (IOException e) {
            throw mistake(file, e.getMessage() + ". Look at the permissions of the file.");
        }
    }

    private static Map<String, String> values(Path file, JsonNode map) {
        Map<String, String> values = new TreeMap<>();
        List<String> mistakes = new ArrayList<>();
        for (Map.Entry<String, JsonNode> property : map.properties()) {
            JsonNode value = property.getValue();
            int length = value.isTextual() ? value.textValue().length() : 0;
            if (length == 0 || length > MAX_VALUE) {
                mistakes.add(
                        "cannot use the key '"
                                + property.getKey()
                                + "' of group "
                                + GROUP
                                + " of "
                                + file
                                + ": its value must be a text of 1 to 2,048 characters. Leave the"
                                + " key out for its default.");
            } else {
                values.put(property.getKey(), value.textValue());
            }
        }
        if (!mistakes.isEmpty()) {
            throw UserError.of(mistakes);
        }
        return values;
    }

    private static UserError mistake(Path file, String why) {
        return new UserError("cannot read the runtime properties of " + file + ": " + why);
    }

    /** Whether there are any, and so whether the job runs as on the service. */
    boolean exist() {
        return file != null;
    }

    Map<String, String> values() {
        return values;
    }

    /** How messages call them. */
    String where() {
        return "group " + GROUP + " of " + file;
    }

    /**
     * Of a key whose default is a file that only this project's folder has.
     *
     * @throws UserError if there are runtime properties, and neither they nor anything else has it
     */
    void require(ConfigOption<String> option, Configuration options) {
        if (exist() && !options.contains(option)) {
            throw new UserError(
                    "cannot use "
                            + where()
                            + ": the key '"
                            + option.key()
                            + "' is missing. Add it, with what is meant: a path, or a URI such as"
                            + " s3://bucket/key.");
        }
    }
}
