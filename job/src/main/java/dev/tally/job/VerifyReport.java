package dev.tally.job;

import java.io.PrintStream;
import java.util.Map;

/** Says how every view compares with a recount, and what was done about it. */
final class VerifyReport {

    private static final int SHOWN_MAX = 50;

    private VerifyReport() {}

    /**
     * At the end of a local run, when nothing writes any more.
     *
     * @return the exit code: 0 if every row of every view is exact, else 1
     */
    static int print(PipelineConfig config, Preflight preflight, PrintStream out)
            throws InterruptedException {
        ReadBudget budget = new ReadBudget(0, System::nanoTime);
        ReadProgress progress = new ReadProgress(out, budget, System::nanoTime);
        return print(new Verify(config, preflight, budget, progress, false).settle(), out);
    }

    /**
     * The command: a job may be running.
     *
     * @param err for progress
     * @return the exit code: 0 if every row of every view is exact in the end, else 1
     */
    static int command(CommandLine line, PipelineConfig config, PrintStream out, PrintStream err)
            throws InterruptedException {
        ReadBudget budget = new ReadBudget(line.getAmount("read-capacity"), System::nanoTime);
        ReadProgress progress = new ReadProgress(err, budget, System::nanoTime);
        Preflight preflight = Preflight.ofTables(config);
        config.views().views().stream()
                .filter(view -> view.to().table() == null)
                .forEach(view -> out.println("view " + view.name() + ": its rows go to a stream"));
        Verify verify = new Verify(config, preflight, budget, progress, true);
        Map<String, Settling> found = verify.settle();
        int code = print(found, out);
        if (code != 0 && line.has("repair")) {
            Repair repair = new Repair(preflight, out);
            for (Settling settling : found.values()) {
                repair.repair(settling);
            }
            out.println("verifying again ...");
            code = print(verify.settle(), out);
        } else if (code != 0) {
            out.println("verify --repair writes what the recount says, where the job does not");
        }
        out.println("reading took " + budget.cost());
        return code;
    }

    private static int print(Map<String, Settling> views, PrintStream out) {
        boolean exact = true;
        for (Settling settling : views.values()) {
            out.println(settling.line());
            int shown = 0;
            for (Difference difference : settling.lasting()) {
                if (shown++ < SHOWN_MAX) {
                    out.println(
                            "  group "
                                    + Labels.of(difference.group())
                                    + " "
                                    + difference.text(settling.view()));
                }
            }
            if (shown > SHOWN_MAX) {
                out.println("  and " + (shown - SHOWN_MAX) + " more");
            }
            exact &= settling.exact();
        }
        return exact ? 0 : 1;
    }
}
