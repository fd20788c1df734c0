package dev.tally.source.client;

import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/**
 * The attributes of a record or row that could not be read, and why: of a type that the SDK does
 * not know, numbers beyond DynamoDB's, nested too deep. They are left out of the images; everything
 * else of them is there.
 */
public final class Unread {

    public static final Unread NOTHING = new Unread(Map.of());

    /** So many are named in a sentence; the rest is a number. */
    private static final int NAMED_MAX = 10;

    private final Map<String, String> reasons;

    private Unread(Map<String, String> reasons) {
        this.reasons = reasons;
    }

    /** Where reading an image may note what it cannot read. */
    static Unread none() {
        return new Unread(new TreeMap<>());
    }

    /**
     * @param image where the attribute is, such as {@code the item}
     * @param why without values
     */
    void note(String attribute, String image, String why) {
        reasons.putIfAbsent(attribute, image + ": " + why);
    }

    /** These and others; of an attribute in both, what is said here. */
    Unread and(Unread others) {
        if (reasons.isEmpty() || others.reasons.isEmpty()) {
            return reasons.isEmpty() ? others : this;
        }
        Map<String, String> all = new TreeMap<>(others.reasons);
        all.putAll(reasons);
        return new Unread(all);
    }

    public int count() {
        return reasons.size();
    }

    public boolean has(String attribute) {
        return reasons.containsKey(attribute);
    }

    /**
     * {@code cannot read attribute Effort of the item: cannot hold a number of 40 digits …}; null
     * if all could be read. The same for the same attributes and reasons.
     */
    public String sentence() {
        if (reasons.isEmpty()) {
            return null;
        }
        StringJoiner parts = new StringJoiner("; ");
        int named = 0;
        for (Map.Entry<String, String> reason : reasons.entrySet()) {
            if (named++ == NAMED_MAX) {
                parts.add("and of " + (reasons.size() - NAMED_MAX) + " more");
                break;
            }
            parts.add("cannot read attribute " + reason.getKey() + " of " + reason.getValue());
        }
        return parts + ". What cannot be read is left out.";
    }
}
