package dev.tally.view.file;

import dev.tally.view.TableSpec;
import dev.tally.view.TableSpec.OnGap;
import dev.tally.view.TableSpec.Reader;
import dev.tally.view.TableSpec.Start;
import java.util.List;

/** Reads one of {@code tables}. */
final class TableParser {

    static final List<String> KEYS =
            List.of(
                    "name",
                    "arn",
                    "region",
                    "role-arn",
                    "start",
                    "on-gap",
                    "scan",
                    "scan.read-capacity",
                    "reader");
    static final List<String> SCAN_KEYS = List.of("read-capacity");

    private final Mistakes mistakes;

    TableParser(Mistakes mistakes) {
        this.mistakes = mistakes;
    }

    TableSpec parse(String logicalName, Yaml yaml) {
        Section table = new Section(yaml, "table '" + logicalName + "'", KEYS, mistakes);
        String name = name(table);
        Reader reader = table.choice("reader", Reader.values(), Reader.TALLY);
        Start start = start(table, reader);
        return new TableSpec(
                logicalName,
                name,
                region(table, name),
                table.text("role-arn", Names.ROLE_ARN, Names.LIKE_ROLE),
                start,
                onGap(table, start),
                reader,
                scanReadCapacity(table));
    }

    private String name(Section table) {
        if (table.has("arn")) {
            if (table.has("name")) {
                table.mistake("name", "it has a name and an arn. Remove one of the two");
            }
            String arn = table.text("arn", Names.TABLE_ARN, Names.LIKE_TABLE_ARN);
            return arn == null ? "" : arn;
        }
        if (!table.requires("name", "todoListTask")) {
            return "";
        }
        String name = table.text("name");
        if (name != null && name.startsWith("arn:")) {
            table.mistake("name", "an ARN is no name. Write arn: " + name);
        } else if (name != null && !Names.TABLE.matcher(name).matches()) {
            table.mistakeInValue(
                    "name",
                    "name '"
                            + name
                            + "' is no table's name: 3 to 255 of letters, digits, '_', '-', '.'");
        }
        return name == null ? "" : name;
    }

    private static String region(Section table, String name) {
        String region = table.text("region", Names.REGION, Names.LIKE_REGION);
        String ofArn = Names.regionOf(name);
        if (region != null && ofArn != null && !region.equals(ofArn)) {
            table.mistakeInValue(
                    "region", "region is " + region + ", the arn is in " + ofArn + ". Remove it");
        }
        return region == null ? ofArn : region;
    }

    private static Start start(Section table, Reader reader) {
        boolean apache = reader == Reader.APACHE;
        Start start =
                table.choice("start", Start.values(), apache ? Start.TRIM_HORIZON : Start.SNAPSHOT);
        if (apache && start == Start.SNAPSHOT) {
            table.mistakeInValue(
                    "start",
                    "reader: apache reads the stream only. Write start: trim-horizon or latest");
        }
        return start;
    }

    private static OnGap onGap(Section table, Start start) {
        boolean scans = start == Start.SNAPSHOT;
        OnGap onGap = table.choice("on-gap", OnGap.values(), scans ? OnGap.RESNAPSHOT : OnGap.FAIL);
        if (!scans && onGap == OnGap.RESNAPSHOT) {
            table.mistakeInValue(
                    "on-gap",
                    "on-gap: resnapshot needs start: snapshot; without a scan it is on-gap: fail");
        }
        return onGap;
    }

    private double scanReadCapacity(Section table) {
        double direct = table.capacity("scan.read-capacity");
        if (!table.has("scan")) {
            return direct;
        }
        if (table.has("scan.read-capacity")) {
            table.mistake("scan.read-capacity", "it has scan too. Remove one of the two");
        }
        return new Section(table.get("scan"), table.name() + " scan", SCAN_KEYS, mistakes)
                .capacity("read-capacity");
    }
}
