package dev.tally.bench;

import java.util.List;

/**
 * How the bench is called.
 *
 * @param parts in the order in which they run
 * @param only of their runs those whose name this regular expression finds
 * @param more see {@link Parts}
 * @param command all of it
 */
record Options(
        List<String> parts, int rounds, boolean quick, boolean more, String only, String command) {

    private static final List<String> ALL =
            List.of("engine", "alternatives", "wire", "local", "drift", "loops");

    static Options of(String[] args) {
        List<String> parts = ALL;
        int rounds = 3;
        boolean quick = false;
        boolean more = false;
        String only = "";
        for (int i = 0; i < args.length; i++) {
            switch (args[i]) {
                case "--part" -> parts = List.of(value(args, ++i).split(","));
                case "--rounds" -> rounds = Integer.parseInt(value(args, ++i));
                case "--only" -> only = value(args, ++i);
                case "--quick" -> quick = true;
                case "--long" -> more = true;
                default -> throw unknown("option", args[i]);
            }
        }
        String command = "scripts/bench.sh " + String.join(" ", args);
        return new Options(parts, rounds, quick, more, only, command.strip());
    }

    private static String value(String[] args, int at) {
        if (at == args.length) {
            throw new IllegalArgumentException(
                    "cannot run the bench: " + args[at - 1] + " has no value. Give it one.");
        }
        return args[at];
    }

    static IllegalArgumentException unknown(String kind, String name) {
        return new IllegalArgumentException(
                "cannot run the bench: there is no "
                        + kind
                        + " "
                        + name
                        + ". See scripts/bench.sh --help.");
    }
}
