package dev.tally.job;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.flink.util.TimeUtils;

/** What was typed: a command and its options, checked. Parsing is that of Flink's own client. */
public final class CommandLine {

    private static final List<String> COMMANDS =
            List.of("run", "local", "check", "verify", "audit", "dead-letters", "managed-template");

    private static final List<String> AUDIT =
            List.of(
                    "table",
                    "group-by",
                    "where",
                    "measure",
                    "against",
                    "key",
                    "region",
                    "read-capacity",
                    "examples");

    private final String command;
    private final org.apache.commons.cli.CommandLine parsed;

    private CommandLine(String command, org.apache.commons.cli.CommandLine parsed) {
        this.command = command;
        this.parsed = parsed;
    }

    /**
     * @throws UserError if the command or an option is not known, or lacks its value
     */
    public static CommandLine parse(String[] args) {
        boolean named = args.length > 0 && !args[0].startsWith("-");
        String command = named ? args[0] : "run";
        if (!COMMANDS.contains(command)) {
            throw new UserError(
                    "cannot run the command '" + command + "': there are " + COMMANDS + ".");
        }
        String[] rest = named ? Arrays.copyOfRange(args, 1, args.length) : args;
        try {
            org.apache.commons.cli.CommandLine parsed =
                    new DefaultParser(false).parse(options(command), rest);
            List<String> loose = parsed.getArgList();
            boolean action =
                    command.equals("dead-letters")
                            && loose.size() == 1
                            && Letters.ACTIONS.contains(loose.get(0));
            if (!loose.isEmpty() && !action) {
                throw new UserError(
                        "cannot use '"
                                + loose.get(0)
                                + "' of the command line: it belongs to no option.");
            }
            return new CommandLine(command, parsed);
        } catch (ParseException e) {
            throw new UserError(
                    "cannot read the command line: "
                            + e.getMessage()
                            + ". The options of "
                            + command
                            + " are in the README.",
                    e);
        }
    }

    private static Options options(String command) {
        Options options = new Options();
        value(options, "pipeline");
        value(options, "dynamodb-endpoint");
        options.addOption(Option.builder("D").numberOfArgs(2).valueSeparator('=').build());
        if (command.equals("audit")) {
            AUDIT.forEach(name -> value(options, name));
            return options;
        }
        value(options, "views");
        value(options, "application-properties");
        value(options, "kinesis-endpoint");
        if (command.equals("managed-template")) {
            value(options, "name");
        }
        if (command.equals("run")) {
            flag(options, "create-tables");
        }
        if (command.equals("run") || command.equals("local")) {
            value(options, "resnapshot");
            flag(options, "replay");
            value(options, "drop");
        }
        if (command.equals("verify")) {
            flag(options, "repair");
            value(options, "read-capacity");
        }
        if (command.equals("local")) {
            flag(options, "no-demo");
            flag(options, "aws");
            value(options, "duration");
            value(options, "from-savepoint");
            value(options, "savepoint-dir");
            value(options, "dynamodb-port");
            value(options, "ui-port");
            value(options, "metrics-port");
            value(options, "parallelism");
            value(options, "stop-file");
        }
        return options;
    }

    private static void value(Options options, String name) {
        options.addOption(Option.builder().longOpt(name).hasArg().build());
    }

    private static void flag(Options options, String name) {
        options.addOption(Option.builder().longOpt(name).build());
    }

    String command() {
        return command;
    }

    /** Of {@code dead-letters}: the first one if none was named. */
    String action() {
        List<String> loose = parsed.getArgList();
        return loose.isEmpty() ? Letters.ACTIONS.get(0) : loose.get(0);
    }

    boolean has(String name) {
        return parsed.hasOption(name);
    }

    /** Null if it was not given. */
    String get(String name) {
        return parsed.getOptionValue(name);
    }

    String get(String name, String otherwise) {
        return parsed.getOptionValue(name, otherwise);
    }

    /** Of an option that may be given several times. */
    List<String> getAll(String name) {
        String[] values = parsed.getOptionValues(name);
        return values == null ? List.of() : List.of(values);
    }

    int getInt(String name, int otherwise) {
        try {
            return has(name) ? Integer.parseInt(get(name)) : otherwise;
        } catch (NumberFormatException e) {
            throw new UserError(
                    "cannot use --" + name + " " + get(name) + ": it must be a number.", e);
        }
    }

    /** 0 if it was not given, else more. */
    double getAmount(String name) {
        try {
            double amount = has(name) ? Double.parseDouble(get(name)) : 0;
            if (!has(name) || amount > 0 && amount < Double.MAX_VALUE) {
                return amount;
            }
        } catch (NumberFormatException e) {
            throw new UserError(
                    "cannot use --" + name + " " + get(name) + ": it must be a number.", e);
        }
        throw new UserError("cannot use --" + name + " " + get(name) + ": it must be above 0.");
    }

    /** Null if it was not given; {@code 60s}, {@code 5min}. */
    Duration getDuration(String name) {
        try {
            return has(name) ? TimeUtils.parseDuration(get(name)) : null;
        } catch (IllegalArgumentException e) {
            throw new UserError(
                    "cannot use --"
                            + name
                            + " "
                            + get(name)
                            + ": it must be a time such as 60s or 5min.",
                    e);
        }
    }

    /** The pairs of {@code -Dkey=value}, flat: key, value, key, value. */
    String[] definitions() {
        String[] pairs = parsed.getOptionValues("D");
        return pairs == null ? new String[0] : pairs;
    }
}
