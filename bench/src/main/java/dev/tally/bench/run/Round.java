package dev.tally.bench.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tally.bench.workload.Changes;
import dev.tally.bench.workload.Shape;

/**
 * One run of one contestant in a JVM of its own: first a smaller workload that is not measured, so
 * that compilers are done, then the one that counts. Its last line of output is the figures as
 * JSON.
 */
public final class Round {

    private static final long SEED = 20_261_128;
    private static final int WARM_UP = 200_000;

    /** As long as the compilers are at work: fast contestants would be measured in that time. */
    private static final long WARM_UP_NANOS = 15_000_000_000L;

    private Round() {}

    /**
     * @param args name of the contestant, shape, changes, full or basic, slots, rocks or heap,
     *     managed megabytes, megabytes of a write buffer if they are not what Tally ships
     */
    public static void run(Contestant contestant, String[] args) throws Exception {
        Shape shape = Shape.valueOf(args[1]);
        int changes = Integer.parseInt(args[2]);
        Setting setting =
                new Setting(
                        shape,
                        changes,
                        args[3].equals("full"),
                        Integer.parseInt(args[4]),
                        args[5].equals("rocks"),
                        Integer.parseInt(args[6]),
                        args.length > 7 ? Integer.parseInt(args[7]) : Setting.BUFFER_MEGABYTES);
        Changes warmUp = Changes.of(shape, Math.min(changes, WARM_UP), SEED + 1);
        long until = System.nanoTime() + WARM_UP_NANOS;
        do {
            run(contestant, warmUp, setting);
        } while (System.nanoTime() < until);
        Figures figures = run(contestant, Changes.of(shape, changes, SEED), setting);
        System.out.println(new ObjectMapper().writeValueAsString(figures));
        System.exit(0);
    }

    private static Figures run(Contestant contestant, Changes changes, Setting setting)
            throws Exception {
        try (Scratch scratch = new Scratch()) {
            return contestant.run(changes, setting, scratch.folder());
        }
    }
}
