package dev.tally.job;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ReadableConfig;

/**
 * Refuses access keys in configuration: Flink's web UI and logs show it, and files are copied. No
 * value is repeated.
 */
final class AccessKeys {

    /** How settings of AWS SDKs and of Flink's file systems are named, without punctuation. */
    private static final Pattern NAME =
            Pattern.compile("accesskey|secretkey|secretaccess|sessiontoken");

    /** An access key's id, wherever it stands. */
    private static final Pattern ID = Pattern.compile("\\b(AKIA|ASIA)[A-Z0-9]{16}\\b");

    /** JVM options and environments that hand a key over. */
    private static final Pattern SETTING =
            Pattern.compile(
                    "(accesskeyid|secretkey|secret_?access_?key|access_key_id|session_?token)=",
                    Pattern.CASE_INSENSITIVE);

    private static final Pattern USER_IN_URI = Pattern.compile("^[a-z0-9+.-]+://[^/?#]*@");

    private AccessKeys() {}

    /** In Flink's own configuration, with the cluster's as far as the client knows it. */
    static void refuse(ReadableConfig flink) {
        if (flink instanceof Configuration) {
            refuse(((Configuration) flink).toMap(), "Flink's configuration");
        }
    }

    /**
     * @param where the entries stand, as in "the key 'x' of ..."
     * @throws UserError that names all of them
     */
    static void refuse(Map<String, String> entries, String where) {
        List<String> mistakes = new ArrayList<>();
        new TreeMap<>(entries)
                .forEach(
                        (name, value) -> {
                            if (isOne(name, value)) {
                                mistakes.add(
                                        "cannot use the key '"
                                                + shown(name)
                                                + "' of "
                                                + where
                                                + ": it holds an access key, and web pages and"
                                                + " logs show configuration. Remove it, and give"
                                                + " the process a role, a profile, or"
                                                + " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in"
                                                + " its environment.");
                            }
                        });
        if (!mistakes.isEmpty()) {
            throw UserError.of(mistakes);
        }
    }

    private static boolean isOne(String name, String value) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
        return NAME.matcher(plain).find()
                || ID.matcher(name).find()
                || value != null
                        && (ID.matcher(value).find()
                                || SETTING.matcher(value).find()
                                || USER_IN_URI.matcher(value).find());
    }

    private static String shown(String name) {
        return ID.matcher(name).replaceAll("…");
    }
}
