package dev.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.testing.SourceTree;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Mistakes on the command line of {@code submit.sh cluster} that need no cluster to be seen. */
class ClusterScriptTest {

    @Test
    void verbsAndOptionsThatAreNotThereAreNamed() throws Exception {
        assertThat(mistake("frob")).contains("'cluster frob'").contains("savepoint");
        assertThat(mistake("up", "--frob")).contains("'--frob'").contains("cluster up");
        assertThat(mistake("list", "--jobmanager")).contains("--jobmanager").contains("a value");
    }

    @Test
    void aClusterThatIsNotThereIsNamed() throws Exception {
        String nowhere = "127.0.0.1:" + RealCluster.freePort();
        assertThat(mistake("list", "--jobmanager", nowhere))
                .contains("nothing answers")
                .contains(nowhere);
        assertThat(mistake("list", "--jobmanager", "here")).contains("HOST:PORT");
    }

    @Test
    void clustersOfOthersAreNeitherStartedNorEnded() throws Exception {
        assertThat(mistake("up", "--jobmanager", "a:1")).contains("somebody else's");
        assertThat(mistake("down", "--jobmanager", "a:1")).contains("somebody else's");
    }

    /** The one line that it says; nothing is built or started for that. */
    private static String mistake(String... words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(SourceTree.root().resolve("scripts/submit.sh").toString());
        command.add("cluster");
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("FLINK_HOME");
        Process script = builder.start();
        String said = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(script.waitFor()).as(said).isEqualTo(2);
        assertThat(said.lines()).as(said).hasSize(1);
        return said;
    }
}
