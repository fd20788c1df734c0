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
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/** The inner loops by themselves, by JMH: what Tally does for each record. */
final class Loops {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private Loops() {}

    static void measure(Options options) throws IOException, RunnerException {
        double load = Machine.load();
        Collection<RunResult> results = results(options);
        if (results.isEmpty()) {
            System.out.println("loops: none has a name that " + options.only() + " finds");
            return;
        }
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

    /** None if the name that is asked for is that of a contestant. */
    private static Collection<RunResult> results(Options options) throws RunnerException {
        ChainedOptionsBuilder loops =
                new OptionsBuilder()
                        .include(options.only().isEmpty() ? "Loop" : options.only())
                        .forks(options.quick() ? 1 : options.rounds())
                        .warmupIterations(options.quick() ? 1 : 3)
                        .warmupTime(TimeValue.seconds(1))
                        // Of fewer than three JMH knows no error.
                        .measurementIterations(options.quick() ? 3 : 5)
                        .measurementTime(TimeValue.seconds(1))
                        .jvmArgs(Child.FLAGS.toArray(new String[0]))
                        .addProfiler(GCProfiler.class)
                        // Else a loop that fails is missing from the table, and nobody sees it.
                        .shouldFailOnError(true);
        try {
            return new Runner(loops.build()).run();
        } catch (NoBenchmarksException e) {
            return List.of();
        }
    }

    private static String table(Collection<RunResult> results) {
        StringBuilder table =
                new StringBuilder(
                                "| loop | ns per operation | ± | bytes allocated per operation |\n")
                        .append("|---|--:|--:|--:|\n");
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
