package dev.tally.source.client;

import dev.tally.view.TableSpec;
import java.io.Serializable;

/** Opens clients where they are used: of the AWS SDK, or of simulated tables. */
public interface TableClients extends Serializable {

    /**
     * A client of one table; the caller closes it.
     *
     * @throws ClientException if no call could ever succeed with these settings
     */
    TableClient open(TableSpec table) throws ClientException;

    /**
     * The same, which may leave attributes out of images that are not wanted; this one leaves out
     * none.
     */
    default TableClient open(TableSpec table, Wanted wanted) throws ClientException {
        return open(table);
    }
}
