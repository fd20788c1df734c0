package dev.tally.job.managed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Enumeration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * What is inside the jar that is deployed: everything that the job reaches, under names that clash
 * with nothing of the service, and nothing that the service provides.
 */
class JarITCase {

    private static final Path JAR = SourceTree.root().resolve("job/target/tally.jar");
    private static final long MAX_BYTES = 45_000_000;
    private static final int JAVA_11 = 55;

    /** Folders, with a slash behind them, and single files. All else is a mistake. */
    private static final List<String> ALLOWED =
            List.of(
                    "dev/tally/",
                    "schema/",
                    "mozilla/public-suffix-list.txt",
                    "org/apache/flink/connector/aws/",
                    "org/apache/flink/connector/dynamodb/",
                    "org/apache/flink/connector/kinesis/",
                    "org/apache/flink/kinesis/shaded/",
                    "org/apache/flink/streaming/connectors/kinesis/",
                    "META-INF/MANIFEST.MF",
                    "META-INF/NOTICE",
                    "META-INF/services/",
                    "META-INF/licenses/",
                    "META-INF/FastDoubleParser-LICENSE",
                    "META-INF/FastDoubleParser-NOTICE",
                    "META-INF/bigint-BSD-LICENSE",
                    "META-INF/bigint-LICENSE",
                    "META-INF/fast_double_parser-LICENSE",
                    "META-INF/fast_float-LICENSE",
                    "META-INF/thirdparty-LICENSE",
                    "META-INF/io.netty.versions.properties");

    /** What is relocated, so that its own name is free for whatever version the service has. */
    private static final Set<String> RELOCATED =
            Set.of(
                    "ch/randelshofer",
                    "com/fasterxml",
                    "io/netty",
                    "org/apache/commons",
                    "org/apache/http",
                    "org/joda",
                    "org/reactivestreams",
                    "org/snakeyaml",
                    "software/amazon");

    /**
     * Asked for by bundled classes that work without, and in no library that the job is built from:
     * TLS and signing in C, other systems' sockets, a resolver, sign-in by browser, a second client
     * for HTTP.
     */
    private static final List<String> OPTIONAL =
            List.of(
                    "com/amazonaws/metrics/internal/cloudwatch/",
                    "io/netty/channel/kqueue/",
                    "io/netty/internal/tcnative/",
                    "io/netty/resolver/dns/",
                    "software/amazon/awssdk/authcrt/",
                    "software/amazon/awssdk/crt",
                    "software/amazon/awssdk/http/auth/aws/crt/",
                    "software/amazon/awssdk/http/crt/",
                    "software/amazon/awssdk/http/urlconnection/",
                    "software/amazon/awssdk/services/signin/",
                    "software/amazon/awssdk/services/sso/",
                    "software/amazon/awssdk/services/ssooidc/");

    private static final Pattern SHADED =
            Pattern.compile("^(dev/tally|org/apache/flink/kinesis)/shaded/");

    /** Names classes that it refuses. */
    private static final String REFUSES = "/databind/jsontype/impl/SubTypeValidator";

    /** Flink's own, which its connector asks for. */
    private static final String OF_FLINK = "org/apache/commons/collections/";

    private static final Set<String> ENTRIES = new TreeSet<>();
    private static final Map<String, ClassFile> CLASSES = new HashMap<>();
    private static final Map<String, String> SERVICES = new TreeMap<>();
    private static java.util.jar.Attributes manifest;

    @BeforeAll
    static void read() throws IOException {
        assertThat(JAR).as("built by: mvn -DskipTests package").exists();
        try (JarFile jar = new JarFile(JAR.toFile(), false)) {
            manifest = jar.getManifest().getMainAttributes();
            for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
                read(jar, all.nextElement());
            }
        }
    }

    private static void read(JarFile jar, JarEntry entry) throws IOException {
        String name = entry.getName();
        if (entry.isDirectory()) {
            return;
        }
        ENTRIES.add(name);
        try (InputStream in = jar.getInputStream(entry)) {
            if (name.endsWith(".class")) {
                String type = name.substring(0, name.length() - ".class".length());
                CLASSES.put(type, ClassFile.read(in.readAllBytes()));
            } else if (name.startsWith("META-INF/services/")) {
                String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
                SERVICES.put(name, text.replaceAll("#[^\n]*", "").trim());
            }
        }
    }

    @Test
    void holdsNothingElse() {
        assertThat(ENTRIES.stream().filter(entry -> !allowed(entry)).limit(20)).isEmpty();
        assertThat(roots("dev/tally/shaded/")).isEqualTo(RELOCATED);
    }

    private static boolean allowed(String entry) {
        return ALLOWED.stream()
                .anyMatch(a -> a.endsWith("/") ? entry.startsWith(a) : entry.equals(a));
    }

    private static Set<String> roots(String below) {
        Set<String> roots = new TreeSet<>();
        for (String entry : ENTRIES) {
            if (entry.startsWith(below)) {
                String[] parts = entry.substring(below.length()).split("/");
                roots.add(
                        String.join(
                                "/", List.of(parts).subList(0, parts[1].equals("apache") ? 3 : 2)));
            }
        }
        return roots;
    }

    /** Said once more, since the list above is longer: these would shadow the service's own. */
    @Test
    void holdsNothingThatTheServiceProvides() {
        for (String provided :
                List.of(
                        "org/apache/flink/api/",
                        "org/apache/flink/client/",
                        "org/apache/flink/connector/base/",
                        "org/apache/flink/core/",
                        "org/apache/flink/runtime/",
                        "org/apache/flink/streaming/api/",
                        "org/apache/flink/streaming/runtime/",
                        "org/apache/logging/",
                        "org/apache/log4j/",
                        "org/rocksdb/",
                        "org/slf4j/",
                        "com/amazonaws/")) {
            assertThat(ENTRIES).as(provided).noneMatch(entry -> entry.startsWith(provided));
        }
    }

    @Test
    void isSmall() throws IOException {
        assertThat(Files.size(JAR)).isLessThan(MAX_BYTES);
    }

    @Test
    void isForJava11() {
        Map<String, Integer> newer = new TreeMap<>();
        CLASSES.forEach(
                (type, file) -> {
                    if (file.major() > JAVA_11) {
                        newer.put(type, file.major());
                    }
                });
        assertThat(newer).isEmpty();
        assertThat(CLASSES.get("dev/tally/job/Main").major()).isEqualTo(JAVA_11);
    }

    /** Of several versions of a class, Java 11 and 17 would take different ones. */
    @Test
    void hasOneVersionOfEachClass() {
        assertThat(manifest.getValue("Multi-Release")).isNull();
        assertThat(ENTRIES).noneMatch(entry -> entry.startsWith("META-INF/versions/"));
    }

    @Test
    void isNotSigned() {
        assertThat(ENTRIES).noneMatch(entry -> entry.matches("META-INF/[^/]*\\.(SF|DSA|RSA|EC)"));
    }

    @Test
    void startsWithMain() {
        assertThat(manifest.getValue("Main-Class")).isEqualTo("dev.tally.job.Main");
    }

    @Test
    void everyServiceHasItsProvider() {
        assertThat(SERVICES).isNotEmpty();
        SERVICES.forEach(
                (file, providers) ->
                        assertThat(providers.split("\\s+"))
                                .as(file)
                                .allSatisfy(one -> assertThat(CLASSES).containsKey(path(one))));
    }

    private static String path(String type) {
        return type.replace('.', '/');
    }

    /** Whatever is left out is needed by nothing that the job can come to, by name neither. */
    @Test
    void everyClassThatTheJobReachesIsThere() {
        Set<String> seen = new HashSet<>();
        Deque<String> open = new ArrayDeque<>();
        CLASSES.keySet().stream().filter(JarITCase::ours).forEach(open::add);
        SERVICES.values()
                .forEach(all -> List.of(all.split("\\s+")).forEach(p -> open.add(path(p))));
        Map<String, String> missing = new TreeMap<>();
        while (!open.isEmpty()) {
            String type = open.pop();
            ClassFile file = CLASSES.get(type);
            if (file == null || !seen.add(type)) {
                continue;
            }
            Set<String> all = new HashSet<>(file.needed());
            if (!type.endsWith(REFUSES)) {
                all.addAll(file.named());
            }
            for (String needed : all) {
                open.add(needed);
                if (!CLASSES.containsKey(needed) && isToBeInside(needed)) {
                    missing.put(needed, "needed by " + type);
                }
            }
        }
        assertThat(seen).hasSizeGreaterThan(10_000);
        assertThat(missing).isEmpty();
    }

    private static boolean ours(String type) {
        return type.startsWith("dev/tally/") && !type.startsWith("dev/tally/shaded/");
    }

    /** Flink, the JDK and what is provided are not; neither is what a library can do without. */
    private static boolean isToBeInside(String type) {
        List<String> inside = new ArrayList<>(ALLOWED);
        inside.addAll(List.of("com/google/common/", "software/", "io/netty/", "com/fasterxml/"));
        inside.addAll(List.of("org/apache/commons/", "org/apache/http/", "org/joda/time/"));
        return inside.stream().anyMatch(type::startsWith)
                && OPTIONAL.stream().noneMatch(SHADED.matcher(type).replaceFirst("")::startsWith)
                && !type.startsWith(OF_FLINK);
    }
}
