package dev.tally.source.client;

import dev.tally.item.KeySchema;
import java.io.Serializable;
import java.util.Collection;
import java.util.HashSet;

/**
 * Which top-level attributes of images anybody reads. Others may be left out of what a client
 * returns, unseen: also whether they could be read at all.
 */
public final class Wanted implements Serializable {

    private static final long serialVersionUID = 1L;

    public static final Wanted ALL = new Wanted(null, null);

    /** Null: all. */
    private final HashSet<String> ofRecords;

    private final HashSet<String> ofRows;

    private Wanted(HashSet<String> ofRecords, HashSet<String> ofRows) {
        this.ofRecords = ofRecords;
        this.ofRows = ofRows;
    }

    /**
     * @param key of the table: rows of a scan have theirs among the other attributes, records
     *     beside their images
     */
    public static Wanted only(Collection<String> attributes, KeySchema key) {
        HashSet<String> ofRows = new HashSet<>(attributes);
        key.attributes().forEach(attribute -> ofRows.add(attribute.name()));
        return new Wanted(new HashSet<>(attributes), ofRows);
    }

    /** Of the images of a stream's records. */
    boolean inRecords(String attribute) {
        return ofRecords == null || ofRecords.contains(attribute);
    }

    /** Of the rows of a scan. */
    boolean inRows(String attribute) {
        return ofRows == null || ofRows.contains(attribute);
    }
}
