package dev.tally.view.file;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.view.ViewSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The files that people start from are right, by the parser and by the schema. */
class ViewsExamplesTest {

    private static final Path ROOT = Path.of(System.getProperty("tally.root"));
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```yaml\n(.*?)^```");

    @Test
    void theFileThatIsRunFirst() throws Exception {
        String file = Files.readString(ROOT.resolve("flink-conf/views.yaml"));

        assertThat(ViewsFileTest.parse(file).views())
                .extracting(ViewSpec::name)
                .contains("task-count");
    }

    @Test
    void theExamplesOfTheReadme() throws IOException, ViewsFileException {
        Matcher block = BLOCK.matcher(Files.readString(ROOT.resolve("README.md")));
        int views = 0;
        while (block.find()) {
            String example = block.group(1);
            if (!example.contains("tables:")) {
                example = "tables: { tasks: { name: todoListTask } }\n" + example;
            }
            views += ViewsFileTest.parse(example).views().size();
        }

        assertThat(views).isPositive();
    }
}
