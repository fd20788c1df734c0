package dev.tally.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The folder of DynamoDB Local's file. While it runs the file is in memory, where the machine has a
 * file system for that: on a disk it waits at each write until the disk has it, which makes it ten
 * times slower than DynamoDB. Before and after, the file is in a folder on disk.
 */
final class LocalData {

    private static final Path MEMORY = Path.of("/dev/shm");
    private static final long SPACE_MIN = 2L << 30;

    private final Path disk;
    private final Path memory;

    /**
     * @param disk where the file is kept between runs
     */
    LocalData(Path disk) throws IOException {
        this.disk = disk.toAbsolutePath();
        String own = "tally-" + Integer.toHexString(this.disk.hashCode());
        boolean roomy =
                Files.isWritable(MEMORY)
                        && Files.getFileStore(MEMORY).getUsableSpace() >= SPACE_MIN;
        this.memory = roomy ? MEMORY.resolve(own) : null;
    }

    /** The folder to run in, with what was kept. */
    Path open() throws IOException {
        Files.createDirectories(disk);
        if (memory == null) {
            return disk;
        }
        delete(memory);
        copy(disk, memory);
        return memory;
    }

    /** Keeps what is there, once nobody writes to it any more. */
    void close() throws IOException {
        if (memory != null && Files.exists(memory)) {
            delete(disk);
            copy(memory, disk);
            delete(memory);
        }
    }

    /** Nothing is kept, if there was something. */
    static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            List<Path> files = files(folder);
            files.sort(Comparator.reverseOrder());
            for (Path file : files) {
                Files.delete(file);
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        for (Path file : files(from)) {
            Path copied = to.resolve(from.relativize(file));
            if (Files.isDirectory(file)) {
                Files.createDirectories(copied);
            } else {
                Files.copy(file, copied, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** A folder before what is in it. */
    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.sorted().collect(Collectors.toList());
        }
    }
}
