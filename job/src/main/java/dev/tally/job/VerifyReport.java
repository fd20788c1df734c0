package dev.tally.job;

import dev.tally.view.ViewSpec;
import java.io.PrintStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Says how every view compares with a recount. A difference must persist to count: while the job
 * runs, a row is a checkpoint behind its items.
 */
final class VerifyReport {

    private static final int ATTEMPTS = 4;
    private static final long PAUSE_SECONDS = 2;
    private static final int SHOWN_MAX = 50;

    private VerifyReport() {}

    /**
     * @param live whether a job may be writing: then differences are looked at again
     * @return the exit code: 0 if every row of every view is exact, else 1
     */
    static int print(PipelineConfig config, Preflight preflight, boolean live, PrintStream out)
            throws InterruptedException {
        boolean exact = true;
        for (ViewSpec view : config.views().views()) {
            if (view.to().table() == null) {
                out.println("view " + view.name() + ": its rows go to a stream, not compared");
                continue;
            }
            Verify.Result result = settled(preflight, view, live ? ATTEMPTS : 1);
            out.println(result.line());
            int shown = 0;
            for (Map.Entry<String, String> difference : result.differences().entrySet()) {
                if (shown++ < SHOWN_MAX) {
                    out.println("  group " + difference.getKey() + " " + difference.getValue());
                }
            }
            if (shown > SHOWN_MAX) {
                out.println("  and " + (shown - SHOWN_MAX) + " more");
            }
            exact &= result.exact();
        }
        return exact ? 0 : 1;
    }

    private static Verify.Result settled(Preflight preflight, ViewSpec view, int attempts)
            throws InterruptedException {
        Verify.Result result = preflight.verify(view);
        for (int i = 1; i < attempts && !result.exact(); i++) {
            TimeUnit.SECONDS.sleep(PAUSE_SECONDS);
            Verify.Result again = preflight.verify(view);
            again.differences().keySet().retainAll(result.differences().keySet());
            result = again;
        }
        return result;
    }
}
