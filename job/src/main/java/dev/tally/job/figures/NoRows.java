package dev.tally.job.figures;

import dev.tally.item.Item;
import dev.tally.view.TargetRows;
import dev.tally.view.ViewSpec;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A target without rows, for a pipeline whose rows go nowhere. */
public final class NoRows implements TargetRows {

    private static final long serialVersionUID = 1L;

    @Override
    public CompletableFuture<Page> read(ViewSpec view, Item after) {
        return CompletableFuture.completedFuture(new Page(List.of(), null));
    }

    @Override
    public void close() {}
}
