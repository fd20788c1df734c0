package dev.tally.simulation;

import dev.tally.source.SourceOptions;
import dev.tally.view.Membership;
import dev.tally.view.TableSpec;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What somebody starts the pipeline with. */
final class Start {

    final TableSpec spec;
    final SourceOptions options;
    final List<Membership> views;
    final int parallelism;

    Start(TableSpec spec, SourceOptions options, List<Membership> views, int parallelism) {
        this.spec = spec;
        this.options = options;
        this.views = views;
        this.parallelism = parallelism;
    }

    /** What the source is told of the views. */
    Map<String, String> needs() {
        Map<String, String> needs = new TreeMap<>();
        views.forEach(view -> needs.put(view.view().name(), view.view().definition()));
        return needs;
    }
}
