package dev.tally.bench.run;

import dev.tally.bench.workload.Changes;
import java.nio.file.Path;

/** Something that keeps totals per group of changes. */
public interface Contestant {

    /**
     * Works off all changes.
     *
     * @param scratch an empty folder for what has to be on a disk
     */
    Figures run(Changes changes, Setting setting, Path scratch) throws Exception;
}
