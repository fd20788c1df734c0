package dev.tally.bench.run;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** Time and processor time of this process since a moment. */
public final class Stopwatch {

    private static final OperatingSystemMXBean PROCESS =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    private final long started = System.nanoTime();
    private final long cpu = PROCESS.getProcessCpuTime();

    public long nanos() {
        return System.nanoTime() - started;
    }

    public long cpuNanos() {
        return PROCESS.getProcessCpuTime() - cpu;
    }
}
