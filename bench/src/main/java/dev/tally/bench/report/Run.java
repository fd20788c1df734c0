package dev.tally.bench.report;

import dev.tally.bench.run.Setting;
import java.util.List;

/** A contestant in a setting: what is measured once a round. */
public record Run(String contestant, Setting setting) {

    public String form() {
        return setting.full() ? "full" : "basic";
    }

    public String state() {
        return setting.rocks() ? "rocks" + buffers() : "heap";
    }

    private String buffers() {
        int megabytes = setting.bufferMegabytes();
        return megabytes == Setting.BUFFER_MEGABYTES ? "" : "-" + megabytes + "mb";
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
                setting.rocks() ? "rocks" : "heap",
                Integer.toString(setting.managedMegabytes()),
                Integer.toString(setting.bufferMegabytes()));
    }

    @Override
    public String toString() {
        return contestant + " " + workload() + " " + state() + " " + setting.slots();
    }
}
