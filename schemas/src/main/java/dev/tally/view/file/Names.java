package dev.tally.view.file;

import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What names and ARNs look like, and whether two of them mean one table. */
final class Names {

    static final Pattern LOGICAL = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,62}");
    static final Pattern TABLE = Pattern.compile("[A-Za-z0-9_.-]{3,255}");
    static final Pattern TABLE_ARN =
            Pattern.compile("arn:aws[a-z-]*:dynamodb:([a-z0-9-]+):\\d{12}:table/([A-Za-z0-9_.-]+)");
    static final Pattern STREAM =
            Pattern.compile(
                    "[A-Za-z0-9_.-]{1,128}"
                            + "|arn:aws[a-z-]*:kinesis:[a-z0-9-]+:\\d{12}:stream/[A-Za-z0-9_.-]+");
    static final Pattern REGION = Pattern.compile("[a-z]{2}(-[a-z]+)+-\\d+");
    static final Pattern ROLE_ARN = Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/\\S+");

    static final String LIKE_REGION = "a region like eu-central-1";
    static final String LIKE_ROLE = "a role's ARN like arn:aws:iam::123456789012:role/tally";
    static final String LIKE_TABLE_ARN =
            "a table's ARN like arn:aws:dynamodb:eu-central-1:123456789012:table/todoListTask";

    private Names() {}

    /** Of an ARN, else null. */
    static String regionOf(String table) {
        Matcher arn = TABLE_ARN.matcher(table);
        return arn.matches() ? arn.group(1) : null;
    }

    /** Whether two tables, by name or ARN, are one, as far as the file says. */
    static boolean same(String a, String regionA, String b, String regionB) {
        return Objects.equals(regionA, regionB) && mayBeSame(a, regionA, b, regionB);
    }

    /** Whether they may be one: a region that is not named is any. */
    static boolean mayBeSame(String a, String regionA, String b, String regionB) {
        Matcher arnA = TABLE_ARN.matcher(a);
        Matcher arnB = TABLE_ARN.matcher(b);
        if (arnA.matches() && arnB.matches()) {
            return a.equals(b);
        }
        String nameA = arnA.matches() ? arnA.group(2) : a;
        String nameB = arnB.matches() ? arnB.group(2) : b;
        boolean oneRegion = regionA == null || regionB == null || regionA.equals(regionB);
        return nameA.equals(nameB) && oneRegion;
    }
}
