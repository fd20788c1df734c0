package dev.tally.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slot that RocksDB's write buffers do not fit into: the job stops instead of crawling. */
class SmallMemoryITCase {

    private static final Duration LIMIT = Duration.ofSeconds(60);

    @Test
    void isRefusedByName(@TempDir Path folder) throws Exception {
        new TestTable("small-memory", TestTable.TASK_ID);
        try (TestJob job =
                TestJob.of(
                        folder,
                        "tables: { tasks: { name: small-memory } }",
                        "views:",
                        "  of-small-memory:",
                        "    table: tasks",
                        "    group-by: [ListId]",
                        "    measures: { Tasks: count }",
                        "    to: { table: of-small-memory }")) {
            job.restarting().flink("state.backend.rocksdb.writebuffer.size", "2 gb");
            job.start(1);
            await().atMost(LIMIT).until(job::hasEnded);
            assertThat(job.failure())
                    .contains("cannot keep table tasks: RocksDB has 512 MB in a slot")
                    .contains("state.backend.rocksdb.writebuffer.size");
        }
    }
}
