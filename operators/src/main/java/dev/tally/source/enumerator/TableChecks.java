package dev.tally.source.enumerator;

import dev.tally.source.SourceOptions;
import dev.tally.source.TableUnusableException;
import dev.tally.source.client.ClientException;
import dev.tally.source.client.TableDescription;
import dev.tally.source.client.TableDescription.ViewType;
import dev.tally.source.enumerator.EnumeratorState.Pin;
import dev.tally.view.TableSpec;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.runtime.execution.SuppressRestartsException;

/** What must be true of a table before it is read, and what must still be true at a restore. */
final class TableChecks {

    private final TableSpec table;
    private final String name;

    TableChecks(TableSpec table) {
        this.table = table;
        this.name = table.logicalName() + " (" + table.tableName() + ")";
    }

    /** The table as errors call it. */
    String name() {
        return name;
    }

    /**
     * Refuses a table whose stream does not carry what the item stage needs.
     *
     * @param fresh whether nothing of it was read yet: a stream that is off is a gap otherwise
     */
    void requireUsable(TableDescription description, boolean fresh) {
        ViewType view = description.viewType();
        if (description.streamArn() == null || (fresh && !description.streamEnabled())) {
            throw unusable(
                    "it has no stream"
                            + (description.streamArn() == null ? "" : " (it was switched off)")
                            + ". Switch it on: "
                            + enable());
        }
        if (view == ViewType.KEYS_ONLY || view == ViewType.OLD_IMAGE) {
            String missing =
                    view == ViewType.KEYS_ONLY
                            ? "images (NewImage, OldImage)"
                            : "new images (NewImage)";
            throw unusable(
                    "its stream of type "
                            + view
                            + " has no "
                            + missing
                            + ". The type of a stream cannot be changed, so make a new one, after"
                            + " asking its other readers: "
                            + command("StreamEnabled=false")
                            + " && "
                            + enable());
        }
    }

    /** Whether the records have old images. */
    boolean oldImages(TableDescription description) {
        return description.viewType() == ViewType.NEW_AND_OLD_IMAGES;
    }

    /** Whether a reading anew is what to do about lost changes. */
    boolean heals() {
        return table.start() == TableSpec.Start.SNAPSHOT
                && table.onGap() == TableSpec.OnGap.RESNAPSHOT;
    }

    /** Whether the table and its stream are those of the state. */
    static boolean same(TableDescription description, Pin pin) {
        return pin.tableId().equals(description.tableId())
                && pin.streamArn().equals(description.streamArn());
    }

    /** Why reading cannot go on from the state; null if it can. */
    Gap gap(
            TableDescription description,
            Generation generation,
            Map<String, String> views,
            long observedAt) {
        Pin pin = generation.pin();
        if (!pin.tableId().equals(description.tableId())) {
            return Gap.of(
                    "it has another table id than in the state: it was deleted and made anew, or"
                            + " restored from a backup",
                    observedAt);
        }
        if (!pin.streamArn().equals(description.streamArn())) {
            return Gap.of(
                    "its stream is "
                            + description.streamArn()
                            + ", in the state it is "
                            + pin.streamArn()
                            + ": it was switched off and on",
                    observedAt);
        }
        long age = description.serviceTime() - observedAt;
        if (age > SourceOptions.RETENTION.toMillis()) {
            return Gap.of(
                    "the checkpoint is "
                            + age / 3_600_000
                            + " hours old, and a stream keeps records for "
                            + SourceOptions.RETENTION.toHours(),
                    observedAt);
        }
        if (generation.lacks(views) && !description.streamEnabled()) {
            return Gap.of("its stream is switched off", observedAt);
        }
        return generation.gap();
    }

    /** Why a call that nothing cures ends the job. */
    RuntimeException refused(ClientException error) {
        switch (error.kind()) {
            case ACCESS_DENIED:
                return unusable(
                        "access is denied: "
                                + error.getMessage()
                                + " Allow dynamodb:DescribeTable and dynamodb:Scan on the table and"
                                + " dynamodb:DescribeStream, dynamodb:GetShardIterator and"
                                + " dynamodb:GetRecords on its streams (table ARN + /stream/*).");
            case NOT_FOUND:
                return unusable(
                        "there is no such table: "
                                + error.getMessage()
                                + " Check its name, the region"
                                + (table.region() == null ? "" : " " + table.region())
                                + " and the account.");
            case TRANSIENT:
                return new IllegalStateException(
                        "cannot read table "
                                + name
                                + ": "
                                + SourceOptions.RETRIES
                                + " calls in a row have failed, the last with: "
                                + error.getMessage(),
                        error);
            default:
                return unusable(error.getMessage());
        }
    }

    /** Nobody can be asked to read it anew where nothing is scanned. */
    void requireScan() {
        if (table.start() != TableSpec.Start.SNAPSHOT) {
            throw unusable(
                    "a new reading was asked for, and with start: "
                            + table.start().name().toLowerCase(Locale.ROOT).replace('_', '-')
                            + " there is no scan. Start without the savepoint.");
        }
    }

    private SuppressRestartsException unusable(String why) {
        return new SuppressRestartsException(
                new TableUnusableException("cannot read table " + name + ": " + why));
    }

    /** The command that switches its stream on. */
    String enable() {
        return command("StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES");
    }

    private String command(String specification) {
        return "aws dynamodb update-table --table-name "
                + table.tableName()
                + (table.region() == null ? "" : " --region " + table.region())
                + " --stream-specification "
                + specification;
    }
}
