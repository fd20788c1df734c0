package dev.tally.bench;

import dev.tally.bench.report.Machine;
import dev.tally.bench.run.Result;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The inner loops by themselves, by JMH: what Tally does for each record. */
final class Loops {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Loops() {}

    static void measure(Options options) throws IOException, RunnerException {
        double load = Machine.load();
        Collection<RunResult> results =
                new Runner(
                                new OptionsBuilder()
                                        .include(options.only().isEmpty() ? "Loop" : options.only())
                                        .forks(options.quick() ? 1 : options.rounds())
                                        .warmupIterations(options.quick() ? 1 : 3)
                                        .warmupTime(TimeValue.seconds(1))
                                        .measurementIterations(options.quick() ? 2 : 5)
                                        .measurementTime(TimeValue.seconds(1))
                                        .jvmArgs(Child.FLAGS.toArray(new String[0]))
                                        .addProfiler(GCProfiler.class)
                                        .build())
                        .run();
        Machine machine = new Machine(List.of(), Child.FLAGS);
        Result.save(
                "loops",
                table(results)
                        + String.format(
                                Locale.ROOT,
                                "%nBy `%s`. Load average before: %.1f.%n%n%s",
                                options.command(),
                                load,
                                machine.describe()));
    }

    private static String table(Collection<RunResult> results) {
        StringBuilder table =
                new StringBuilder("| loop | ns | ± | bytes allocated |\n|---|--:|--:|--:|\n");
        for (RunResult result : results) {
            table.append(
                    String.format(
                            Locale.ROOT,
                            "| %s | %,.1f | %,.1f | %,.0f |%n",
                            name(result.getParams()),
                            result.getPrimaryResult().getScore(),
                            result.getPrimaryResult().getScoreError(),
                            result.getSecondaryResults().get(ALLOCATED).getScore()));
        }
        return table.toString();
    }

    /** Class, method and parameters. */
    private static String name(BenchmarkParams params) {
        String[] path = params.getBenchmark().split("\\.");
        StringBuilder name = new StringBuilder(path[path.length - 2].replace("Loop", ""));
        name.append(' ').append(path[path.length - 1]);
        for (String key : params.getParamsKeys()) {
            name.append(' ').append(params.getParam(key));
        }
        return name.toString();
    }
}
