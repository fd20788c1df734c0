package dev.tally.view.file;

import dev.tally.view.Target;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.Target.Freshness;
import java.util.List;

/** Reads a view's {@code to}. */
final class TargetParser {

    static final List<String> KEYS =
            List.of(
                    "table",
                    "stream",
                    "key",
                    "region",
                    "role-arn",
                    "write-capacity",
                    "guard",
                    "empty-group",
                    "freshness",
                    "existing-rows");

    /** What only rows of a table have. */
    private static final List<String> TABLE_KEYS =
            List.of("key", "write-capacity", "guard", "empty-group", "existing-rows");

    private static final String GUARD = "_tally_";

    private final Mistakes mistakes;

    TargetParser(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    /**
     * Null if it is not right.
     *
     * @param keys reads {@code key}
     */
    Target parse(String view, Yaml yaml, RowKeyParser keys) {
        String what = "to of view '" + view + "'";
        if (yaml.is(Yaml.Kind.TEXT)) {
            mistakes.add(yaml, what + " is a map. Write to: { table: " + yaml.text() + " }");
            return null;
        }
        Section to = new Section(yaml, what, KEYS, mistakes);
        if (!yaml.is(Yaml.Kind.MAP)) {
            return null;
        }
        if (to.has("table") == to.has("stream")) {
            mistakes.add(yaml, what + " names a table or a stream, like { table: todoTaskCount }");
            return null;
        }
        String table = table(to);
        String stream = to.text("stream", Names.STREAM, "a Kinesis stream's name or ARN");
        if (table == null && stream == null) {
            return null;
        }
        String ofArn = table == null ? null : Names.regionOf(table);
        String region = to.text("region", Names.REGION, Names.LIKE_REGION);
        if (region != null && ofArn != null && !region.equals(ofArn)) {
            to.mistakeInValue(
                    "region", "region is " + region + ", the arn is in " + ofArn + ". Remove it");
        }
        return new Target(
                table,
                stream,
                region == null ? ofArn : region,
                to.text("role-arn", Names.ROLE_ARN, Names.LIKE_ROLE),
                table == null ? null : keys.parse(to),
                to.capacity("write-capacity"),
                guard(view, to),
                to.choice("empty-group", EmptyGroup.values(), EmptyGroup.ZERO),
                to.choice("freshness", Freshness.values(), Freshness.COMMITTED),
                to.choice("existing-rows", ExistingRows.values(), ExistingRows.REFUSE));
    }

    private static String table(Section to) {
        if (to.has("stream")) {
            for (String key : TABLE_KEYS) {
                if (to.has(key)) {
                    to.mistake(key, key + " is for rows of a table. Remove it");
                }
            }
            return null;
        }
        String table = to.text("table");
        boolean right =
                table == null
                        || Names.TABLE.matcher(table).matches()
                        || Names.TABLE_ARN.matcher(table).matches();
        if (!right) {
            to.mistakeInValue("table", "table '" + table + "' is not a table's name or ARN");
        }
        return table;
    }

    private static String guard(String view, Section to) {
        String guard = to.text("guard");
        return guard == null ? GUARD + view : guard;
    }
}
