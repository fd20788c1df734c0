package dev.tally.job;

import dev.tally.source.client.TableDescription;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.view.TableSpec;

/** Whether a table's stream carries what views need. */
final class StreamCheck {

    private StreamCheck() {}

    /** Null if it does; else what is missing and the command that would change it. */
    static String mistake(TableSpec table, TableDescription description) {
        String name = table.tableName();
        if (table.reader() == TableSpec.Reader.APACHE
                && table.start() == TableSpec.Start.SNAPSHOT) {
            return "cannot scan table "
                    + name
                    + " with reader: apache: it reads the stream only. Set start: trim-horizon or"
                    + " latest, or reader: tally.";
        }
        if (description.streamArn() == null || !description.streamEnabled()) {
            return "cannot follow table "
                    + name
                    + ": it has no stream. Enable one with: aws dynamodb update-table --table-name "
                    + name
                    + " --stream-specification"
                    + " StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES";
        }
        ViewType type = description.viewType();
        if (type == ViewType.NEW_AND_OLD_IMAGES || type == ViewType.NEW_IMAGE) {
            return null;
        }
        return "cannot follow table "
                + name
                + ": its stream is of type "
                + type
                + " and lacks NewImage. The type of a stream cannot change; make a new one with:"
                + " aws dynamodb update-table --table-name "
                + name
                + " --stream-specification StreamEnabled=false && aws dynamodb update-table"
                + " --table-name "
                + name
                + " --stream-specification"
                + " StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES";
    }
}
