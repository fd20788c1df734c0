package dev.tally.job.managed;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What each test of the script has: a fake of AWS of its own, and the script to run against it. */
class ManagedRun {

    /** Of the application. */
    static final String NAME = "t";

    @TempDir Path folder;

    FakeAws fake;
    ManagedScript script;

    @BeforeEach
    void serve() throws IOException, InterruptedException {
        for (String tool : new String[] {"jq", "curl"}) {
            assumeTrue(ManagedScript.there(tool), "there is no " + tool);
        }
        fake = new FakeAws(0);
        script = new ManagedScript(fake, folder);
    }

    @AfterEach
    void end() {
        if (fake != null) {
            fake.close();
        }
    }

    /** Waits for nothing, and does without the AWS CLI. */
    void hurry() throws IOException {
        fake.flink.looks = 0;
        script.quick();
    }

    /** The frame as it stands: it need not be generated where nothing reads what is in it. */
    static String template() {
        return SourceTree.root().resolve("scripts/managed-flink.yaml").toString();
    }
}
