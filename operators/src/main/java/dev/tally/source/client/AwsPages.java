package dev.tally.source.client;

import dev.tally.item.Item;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConsumedCapacity;
import software.amazon.awssdk.services.dynamodb.model.GetRecordsResponse;
import software.amazon.awssdk.services.dynamodb.model.OperationType;
import software.amazon.awssdk.services.dynamodb.model.Record;
import software.amazon.awssdk.services.dynamodb.model.StreamRecord;

/** Pages of what the SDK has read. */
final class AwsPages {

    private final Wanted wanted;

    AwsPages(Wanted wanted) {
        this.wanted = wanted;
    }

    ScanPage rows(
            List<Map<String, AttributeValue>> rows,
            Item lastKey,
            ConsumedCapacity consumed,
            long time) {
        List<Item> items = new ArrayList<>(rows.size());
        List<Unread> unread = List.of();
        for (Map<String, AttributeValue> row : rows) {
            Unread ofRow = Unread.none();
            items.add(AwsValues.toItem(row, wanted::inRows, "the item", ofRow));
            if (ofRow.count() > 0 && unread.isEmpty()) {
                unread = new ArrayList<>(Collections.nCopies(rows.size(), Unread.NOTHING));
            }
            if (ofRow.count() > 0) {
                unread.set(items.size() - 1, ofRow);
            }
        }
        Double units = consumed == null ? null : consumed.capacityUnits();
        return new ScanPage(items, unread, lastKey, units == null ? 0 : units, time);
    }

    ChangePage changes(GetRecordsResponse response, long time) throws AnswerException {
        List<Change> changes = new ArrayList<>(response.records().size());
        for (Record record : response.records()) {
            changes.add(toChange(record));
        }
        return new ChangePage(changes, response.nextShardIterator(), time);
    }

    private Change toChange(Record record) throws AnswerException {
        StreamRecord content = record.dynamodb();
        if (content == null || content.approximateCreationDateTime() == null) {
            throw new AnswerException(RecordReader.NO_TIME);
        }
        boolean ttl =
                record.userIdentity() != null
                        && Change.EXPIRY.equals(record.userIdentity().principalId());
        Unread unread = Unread.none();
        Item keys = AwsValues.toItem(content.keys(), attribute -> true, "the item's key", unread);
        Item after =
                content.hasNewImage()
                        ? AwsValues.toItem(
                                content.newImage(), wanted::inRecords, "the item", unread)
                        : null;
        Item before =
                content.hasOldImage()
                        ? AwsValues.toItem(
                                content.oldImage(),
                                wanted::inRecords,
                                "the item before the change",
                                unread)
                        : null;
        return new Change(
                record.eventID(),
                content.sequenceNumber(),
                keys,
                before,
                after,
                record.eventName() == OperationType.REMOVE,
                content.approximateCreationDateTime().toEpochMilli(),
                ttl,
                unread.count() == 0 ? Unread.NOTHING : unread);
    }
}
