package dev.tally.sink;

import dev.tally.view.Repairs;
import dev.tally.view.ViewSpec;
import java.util.ArrayList;
import java.util.List;

/** Tells the status table what the item stage has put right, for each view of the table. */
final class StatusRepairs implements Repairs {

    private static final long serialVersionUID = 1L;

    private final StatusTable status;
    private final ArrayList<String> views = new ArrayList<>();
    private final long submission;

    StatusRepairs(StatusTable status, List<ViewSpec> views, long submission) {
        this.status = status;
        this.submission = submission;
        for (ViewSpec view : views) {
            this.views.add(view.name());
        }
    }

    @Override
    public void report(int subtask, long swept, long drift) {
        for (String view : views) {
            status.repaired(view, submission, subtask, swept, drift);
        }
    }

    @Override
    public void close() {
        status.close();
    }
}
