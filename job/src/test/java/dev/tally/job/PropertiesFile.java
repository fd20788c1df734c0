package dev.tally.job;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A file of runtime properties, as it is sent to the service. */
public final class PropertiesFile {

    private PropertiesFile() {}

    public static Path write(Path folder, Map<String, String> properties) throws IOException {
        Object groups =
                List.of(
                        Map.of(
                                "PropertyGroupId",
                                ApplicationProperties.GROUP,
                                "PropertyMap",
                                new TreeMap<>(properties)));
        return Files.write(
                folder.resolve("application_properties.json"),
                new ObjectMapper().writeValueAsBytes(groups));
    }
}
