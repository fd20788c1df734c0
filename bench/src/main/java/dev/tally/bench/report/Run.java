package dev.tally.bench.report;

import dev.tally.bench.run.Setting;
import java.util.List;

/** A contestant in a setting: what is measured once a round. */
public record Run(String contestant, Setting setting) {

    public String form() {
        return setting.full() ? "full" : "basic";
    }

    public String state() {
        return setting.rocks() ? "rocks" : "heap";
    }

    public String workload() {
        return setting.shape() + " " + form();
    }

    /** What a round's JVM takes. */
    public List<String> arguments() {
        return List.of(
                contestant,
                setting.shape().name(),
                Integer.toString(setting.changes()),
                form(),
                Integer.toString(setting.slots()),
                state(),
                Integer.toString(setting.managedMegabytes()));
    }

    @Override
    public String toString() {
        return contestant + " " + workload() + " " + state() + " " + setting.slots();
    }
}
