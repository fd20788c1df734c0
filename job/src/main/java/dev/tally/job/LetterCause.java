package dev.tally.job;

import dev.tally.change.DeadLetter;
import dev.tally.item.Item;
import dev.tally.sink.RowTable;
import dev.tally.source.client.AwsTableClient;
import dev.tally.source.client.AwsTableClients;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.ScanPage;
import dev.tally.view.TableSpec;
import dev.tally.view.ViewSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;

/**
 * Whether the cause of a dead letter is gone. A refused row is written again, as it was; of a value
 * or record the item is read as it is now, and judged by the rules of the job.
 */
final class LetterCause implements AutoCloseable {

    /** What became of a letter; all but the last few mean that it is done. */
    enum State {
        WRITTEN("rows are written again"),
        NEWER("rows are replaced by newer ones meanwhile"),
        SHOWN("results can be written again"),
        MENDED("values are right now"),
        READABLE("items can be read now"),
        GONE("items are gone"),
        REFUSED("rows are refused still"),
        ABSENT("rows may have been deleted since: run verify --repair, then this again"),
        FOREIGN("rows would replace some that Tally did not write"),
        UNCHANGED("items are as they were"),
        UNKNOWN("are of a view or table that the views file does not have");

        private final String words;

        State(String words) {
            this.words = words;
        }

        /** Behind a number. */
        String words() {
            return words;
        }

        boolean done() {
            return ordinal() < REFUSED.ordinal();
        }
    }

    private static final String UNREADABLE = "cannot read attribute ";

    private final PipelineConfig config;
    private final Preflight preflight;
    private final AwsTableClients clients;
    private final Map<String, RowTable> rows = new HashMap<>();
    private final Map<String, AwsTableClient> tables = new HashMap<>();

    LetterCause(PipelineConfig config, Preflight preflight) {
        this.config = config;
        this.preflight = preflight;
        this.clients = new AwsTableClients(config.clientSettings());
    }

    State state(DeadLetter letter) {
        ViewSpec view = view(letter);
        if (letter.reason().startsWith(UNREADABLE)) {
            TableSpec table = table(letter);
            return table == null ? State.UNKNOWN : ofRecord(table, letter);
        }
        if (view == null) {
            return State.UNKNOWN;
        }
        boolean row = letter.id().startsWith("row-");
        boolean overflow = letter.id().startsWith("overflow/");
        if (row || overflow) {
            boolean inTable = view.to().table() != null;
            return !inTable ? State.UNKNOWN : row ? ofRow(view, letter) : ofResult(view, letter);
        }
        return ofValue(view, letter);
    }

    private State ofRow(ViewSpec view, DeadLetter letter) {
        switch (rows(view).again(letter)) {
            case WRITTEN:
                return State.WRITTEN;
            case MOVED:
                return State.NEWER;
            case FOREIGN:
                return State.FOREIGN;
            case ABSENT:
                return State.ABSENT;
            default:
                return State.REFUSED;
        }
    }

    /** The letter's id ends with the names of the measures that its row went without. */
    private State ofResult(ViewSpec view, DeadLetter letter) {
        String names = letter.id().substring(letter.id().lastIndexOf('/') + 1);
        boolean shown = rows(view).shows(letter, List.of(names.split(", ")));
        return shown ? State.SHOWN : State.REFUSED;
    }

    private State ofValue(ViewSpec view, DeadLetter letter) {
        ScanPage now = item(preflight.table(view), letter.keys());
        if (now.items().isEmpty()) {
            return State.GONE;
        }
        Set<String> reasons = new HashSet<>();
        preflight.membership(view).of(now.items().get(0), (problem, reason) -> reasons.add(reason));
        return reasons.contains(letter.reason()) ? State.UNCHANGED : State.MENDED;
    }

    private State ofRecord(TableSpec table, DeadLetter letter) {
        ScanPage now = item(table, letter.keys());
        if (now.items().isEmpty()) {
            return State.GONE;
        }
        return now.unread(0).count() > 0 ? State.UNCHANGED : State.READABLE;
    }

    /**
     * Whether the item of a letter, which can be read now, is else as it was: then the job may have
     * had no change of it to read since.
     */
    boolean sameItem(DeadLetter letter) {
        TableSpec table = table(letter);
        if (letter.item() == null || table == null) {
            return false;
        }
        List<Item> now = item(table, letter.keys()).items();
        return !now.isEmpty()
                && now.get(0).only(letter.item().attributes().keySet()).equals(letter.item());
    }

    private ScanPage item(TableSpec table, Item keys) {
        try {
            AwsTableClient client = tables.get(table.logicalName());
            if (client == null) {
                client = clients.open(table);
                tables.put(table.logicalName(), client);
            }
            return client.get(keys).get();
        } catch (ClientException | ExecutionException e) {
            throw new UserError(Errors.sentence(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("cannot read an item: interrupted", e);
        }
    }

    private RowTable rows(ViewSpec view) {
        return rows.computeIfAbsent(view.name(), name -> preflight.rowTable(view));
    }

    /** Of {@code view task-count}; null if there is none. */
    private ViewSpec view(DeadLetter letter) {
        for (ViewSpec view : config.views().views()) {
            if (letter.source().equals("view " + view.name())) {
                return view;
            }
        }
        return null;
    }

    /** Of {@code table tasks}, by its name in the views file, or of a view; null if none. */
    TableSpec table(DeadLetter letter) {
        for (TableSpec table : config.views().tables()) {
            if (letter.source().equals("table " + table.logicalName())) {
                return table;
            }
        }
        ViewSpec view = view(letter);
        return view == null ? null : preflight.table(view);
    }

    @Override
    public void close() {
        rows.values().forEach(RowTable::close);
        tables.values().forEach(AwsTableClient::close);
    }
}
