package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What DynamoDB Local has written in one run is there in the next, wherever it runs. */
class LocalDataTest {

    private static final String FILE = "shared-local-instance.db";

    @TempDir private Path folder;

    @Test
    void theNextRunFindsWhatTheLastHasWritten() throws IOException {
        LocalData first = new LocalData(folder);
        Files.writeString(first.open().resolve(FILE), "first");
        first.close();

        LocalData second = new LocalData(folder);
        Path running = second.open();
        assertThat(running.resolve(FILE)).hasContent("first");
        Files.writeString(running.resolve(FILE), "second");
        second.close();

        assertThat(folder.resolve(FILE)).hasContent("second");
    }

    @Test
    void whatARunLeftThatDidNotEndInOrderIsForgotten() throws IOException {
        Files.writeString(folder.resolve(FILE), "kept");
        Path killed = new LocalData(folder).open();
        Files.writeString(killed.resolve("journal"), "half");
        LocalData next = new LocalData(folder);

        Path running = next.open();

        boolean apart = !running.equals(folder);
        assertThat(running.resolve(FILE)).hasContent("kept");
        assertThat(Files.exists(running.resolve("journal"))).isEqualTo(!apart);
        next.close();
    }

    @Test
    void aFreshRunKeepsNothing() throws IOException {
        Files.createDirectories(folder.resolve("data/below"));
        Files.writeString(folder.resolve("data/below/file"), "old");

        LocalData.delete(folder.resolve("data"));

        assertThat(folder.resolve("data")).doesNotExist();
        LocalData.delete(folder.resolve("data"));
    }
}
