package dev.tally.job;

import dev.tally.job.managed.ManagedTemplate;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * Where every start begins: {@code run} (on a cluster, the default), {@code local}, {@code check},
 * {@code verify}, {@code audit}, {@code dead-letters}, {@code managed-template}. Errors of the user
 * are one line on standard error and exit code 2.
 */
public final class Main {

    private Main() {}

    public static void main(String[] args) throws Exception {
        boolean onCluster = args.length == 0 || args[0].equals("run") || args[0].startsWith("-");
        if (onCluster) {
            run(CommandLine.parse(args));
            return;
        }
        System.exit(exitCode(args, System.out, System.err));
    }

    /** Runs a command that is not for a cluster, and puts every error into words. */
    static int exitCode(String[] args, PrintStream out, PrintStream err) {
        try {
            return command(CommandLine.parse(args), out, err);
        } catch (UserError e) {
            err.println(e.getMessage());
            return 2;
        } catch (Exception e) {
            err.println(Errors.sentence(e));
            err.println("This is not expected; the log has the details.");
            org.slf4j.LoggerFactory.getLogger(Main.class).error("cannot go on", e);
            return 3;
        }
    }

    private static int command(CommandLine line, PrintStream out, PrintStream err)
            throws Exception {
        if (line.command().equals("audit")) {
            return Audit.run(line, out, err);
        }
        PipelineConfig config = PipelineConfig.load(line);
        if (line.command().equals("managed-template")) {
            return managedTemplate(line, config, out, err);
        }
        if (config.isLocal()) {
            PipelineConfig.useLocalCredentials();
        }
        switch (line.command()) {
            case "local":
                return new LocalRunner(line, out).run(config);
            case "check":
                return Check.run(config, out);
            case "dead-letters":
                return Letters.run(line, config, out);
            default:
                return VerifyReport.command(line, config, out, err);
        }
    }

    /** Asks nothing of AWS: who has no access yet can read what will be made. */
    private static int managedTemplate(
            CommandLine line, PipelineConfig config, PrintStream out, PrintStream err)
            throws IOException {
        Path frame = PipelineConfig.home().resolve("scripts").resolve("managed-flink.yaml");
        if (!Files.exists(frame)) {
            throw new UserError(
                    "cannot read "
                            + frame
                            + ": there is no such file. Start with scripts/submit.sh, or set"
                            + " -Dtally.home to the folder of the project.");
        }
        String template =
                ManagedTemplate.of(
                        Files.readAllLines(frame),
                        line.get("name", "tally"),
                        config.views(),
                        config.options());
        out.print(template);
        if (ManagedTemplate.isLarge(template)) {
            err.println(
                    "the template is too large to be sent as it is: give aws cloudformation deploy"
                            + " a bucket for it with --s3-bucket");
        }
        return 0;
    }

    /** On a cluster an error is thrown, for Flink's client to show. */
    private static void run(CommandLine line) throws Exception {
        PipelineConfig config = PipelineConfig.load(line);
        StreamExecutionEnvironment env = StreamExecutionEnvironment.getExecutionEnvironment();
        build(env, config, System.out);
        env.execute("tally");
    }

    /** All that is said to Flink before it executes. */
    static void build(StreamExecutionEnvironment env, PipelineConfig config, PrintStream out) {
        if (config.isManaged()) {
            ManagedSettings.apply(env);
        }
        Preflight preflight = Preflight.ofJob(config);
        Restore.prepare(env, config).forEach(out::println);
        Pipeline.build(env, config, preflight);
    }
}
