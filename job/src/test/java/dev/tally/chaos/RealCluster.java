package dev.tally.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tally.job.ServiceRules;
import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.runtime.highavailability.ClientHighAvailabilityServices;
import org.apache.flink.runtime.highavailability.HighAvailabilityServicesUtils;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalListener;
import org.apache.flink.runtime.leaderretrieval.LeaderRetrievalService;

/**
 * ZooKeeper, two JobManagers and three TaskManagers of one slot, each a process: a job of
 * parallelism 2 keeps one in reserve. Settings are those of {@code flink-conf}, but for what makes
 * faults show and heal within seconds.
 */
final class RealCluster implements AutoCloseable {

    static final int PARALLELISM = 2;

    private static final int JOB_MANAGERS = 2;
    static final int TASK_MANAGERS = 3;
    private static final Duration START_LIMIT = Duration.ofMinutes(3);
    private static final Pattern SUBMITTED = Pattern.compile("job ([0-9a-f]{32}) is submitted");

    private final Path folder;
    private final Path conf;
    private final Configuration flink;
    private final List<Jvm> jobManagers = new ArrayList<>();
    private final List<Jvm> taskManagers = new ArrayList<>();
    private final List<Jvm> others = new ArrayList<>();
    private final Map<String, Jvm> byAddress = new HashMap<>();
    private final LeaderRest rest = new LeaderRest(this::leaderAddress);
    private ClientHighAvailabilityServices zooKeeper;
    private LeaderRetrievalService leaders;
    private volatile String leader = "";
    private String job;
    private int started;

    RealCluster(Path folder) throws IOException {
        this.folder = folder;
        this.conf = Files.createDirectories(folder.resolve("conf"));
        this.flink =
                GlobalConfiguration.loadConfiguration(
                        SourceTree.root().resolve("flink-conf").toString());
    }

    /** Comes back when all have found each other. */
    void start() throws Exception {
        int port = freePort();
        configure(port);
        startZooKeeper(port);
        await().atMost(START_LIMIT).until(() -> listens(port));
        startMissing();
        zooKeeper = HighAvailabilityServicesUtils.createClientHAService(flink, error -> {});
        leaders = zooKeeper.getClusterRestEndpointLeaderRetriever();
        leaders.start(new Leaders());
        await().atMost(START_LIMIT).until(() -> rest.taskManagers() == TASK_MANAGERS);
    }

    private void configure(int port) throws IOException {
        Map<String, String> set = new HashMap<>();
        set.put("high-availability.type", "zookeeper");
        set.put("high-availability.zookeeper.quorum", "127.0.0.1:" + port);
        set.put("high-availability.zookeeper.client.session-timeout", "5 s");
        set.put("high-availability.storageDir", folder.resolve("ha").toUri().toString());
        set.put("execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
        set.put("execution.checkpointing.interval", "1 s");
        set.put("execution.checkpointing.min-pause", "0 ms");
        set.put("execution.checkpointing.timeout", "30 s");
        set.put("execution.checkpointing.tolerable-failed-checkpoints", "1000000");
        set.put("restart-strategy.type", "fixed-delay");
        set.put("restart-strategy.fixed-delay.attempts", "1000000");
        set.put("restart-strategy.fixed-delay.delay", "100 ms");
        set.put("heartbeat.interval", "200");
        set.put("heartbeat.timeout", "8000");
        set.put("web.refresh-interval", "50");
        set.put("taskmanager.registration.timeout", "3 min");
        set.put("taskmanager.numberOfTaskSlots", "1");
        set.put("taskmanager.cpu.cores", "1");
        set.put("taskmanager.memory.framework.heap.size", "128 mb");
        set.put("taskmanager.memory.task.heap.size", "256 mb");
        set.put("taskmanager.memory.framework.off-heap.size", "128 mb");
        set.put("taskmanager.memory.task.off-heap.size", "0 mb");
        set.put("taskmanager.memory.network.min", "64 mb");
        set.put("taskmanager.memory.network.max", "64 mb");
        set.put("taskmanager.memory.managed.size", "256 mb");
        set.put("taskmanager.memory.jvm-metaspace.size", "256 mb");
        set.put("taskmanager.memory.jvm-overhead.min", "192 mb");
        set.put("taskmanager.memory.jvm-overhead.max", "192 mb");
        for (String host :
                List.of(
                        "jobmanager.rpc.address",
                        "jobmanager.bind-host",
                        "taskmanager.host",
                        "taskmanager.bind-host",
                        "rest.address",
                        "rest.bind-address")) {
            set.put(host, "127.0.0.1");
        }
        set.forEach(flink::setString);
        List<String> lines = new ArrayList<>();
        flink.toMap().forEach((key, value) -> lines.add(key + ": '" + value + "'"));
        Files.write(conf.resolve("config.yaml"), lines);
    }

    private void startZooKeeper(int port) throws IOException {
        Path settings =
                Files.write(
                        conf.resolve("zoo.cfg"),
                        List.of(
                                "clientPort=" + port,
                                "clientPortAddress=127.0.0.1",
                                "dataDir=" + folder.resolve("zookeeper"),
                                "tickTime=500",
                                "admin.enableServer=false"));
        others.add(
                java(
                        "zookeeper",
                        "64m",
                        "org.apache.flink.shaded.zookeeper3.org.apache.zookeeper.server.quorum"
                                + ".QuorumPeerMain",
                        settings.toString()));
    }

    /** In place of those that were killed. */
    void startMissing() throws IOException {
        jobManagers.removeIf(one -> !one.lives());
        taskManagers.removeIf(one -> !one.lives());
        while (jobManagers.size() < JOB_MANAGERS) {
            int port = freePort();
            Jvm jvm =
                    java(
                            "jobmanager-" + ++started,
                            "384m",
                            "org.apache.flink.runtime.entrypoint"
                                    + ".StandaloneSessionClusterEntrypoint",
                            "--configDir",
                            conf.toString(),
                            "-Drest.port=" + port,
                            "-Drest.bind-port=" + port);
            jobManagers.add(jvm);
            byAddress.put("http://127.0.0.1:" + port, jvm);
        }
        while (taskManagers.size() < TASK_MANAGERS) {
            String name = "taskmanager-" + ++started;
            taskManagers.add(
                    java(
                            name,
                            "384m",
                            "org.apache.flink.runtime.taskexecutor.TaskManagerRunner",
                            "--configDir",
                            conf.toString(),
                            "-Dtaskmanager.resource-id=" + name));
        }
    }

    private Jvm java(String name, String heap, String... words) throws IOException {
        List<String> arguments = new ArrayList<>();
        String opens = flink.get(CoreOptions.FLINK_JVM_OPTIONS);
        arguments.addAll(List.of(opens.trim().split("\\s+")));
        Path root = SourceTree.root();
        arguments.add("-Xmx" + heap);
        arguments.add("-Dtally.home=" + root);
        arguments.add(
                "-Dlog4j2.configurationFile="
                        + root.resolve("flink-conf/log4j-cluster.properties"));
        arguments.add("-cp");
        arguments.add(root.resolve("job/target/cluster/lib") + "/*");
        arguments.addAll(List.of(words));
        return Jvm.start(name, folder, arguments, conf);
    }

    /**
     * Submits tally.jar, which may make no setting that the service refuses; afterwards {@link
     * #rest} is about that job.
     */
    void submit(int parallelism, List<String> words) throws Exception {
        List<String> all = new ArrayList<>();
        all.addAll(List.of("run", "--parallelism", Integer.toString(parallelism)));
        all.addAll(words);
        flink.toMap().forEach((key, value) -> addIfOfJob(all, key, value));
        ServiceRules.asSettings().forEach((key, value) -> all.add("-D" + key + "=" + value));
        Matcher submitted = SUBMITTED.matcher(script(all));
        assertThat(submitted.find()).isTrue();
        job = submitted.group(1);
        rest.of(job);
    }

    /** The script takes the job's settings from flink-conf, which are slower. */
    private static void addIfOfJob(List<String> words, String key, String value) {
        if (key.startsWith("execution.checkpointing.") || key.startsWith("restart-strategy.")) {
            words.add("-D" + key + "=" + value);
        }
    }

    /** Stops the job with a savepoint; what the script says. */
    String stop() throws Exception {
        String folder = this.folder.resolve("savepoints").toString();
        return script(List.of("stop", "--savepoint-dir", folder, job));
    }

    /** What {@code scripts/submit.sh cluster} says, which must succeed. */
    private String script(List<String> words) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(SourceTree.root().resolve("scripts/submit.sh").toString());
        command.add("cluster");
        command.addAll(words);
        command.addAll(List.of("--jobmanager", leaderAddress().substring("http://".length())));
        Path log = folder.resolve("script.log");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
        builder.environment().remove("FLINK_HOME");
        int code = builder.start().waitFor();
        String said = Files.readString(log);
        assertThat(code).as(said).isZero();
        return said;
    }

    LeaderRest rest() {
        return rest;
    }

    private String leaderAddress() {
        return leader;
    }

    /** The JobManager that leads. */
    Jvm leader() {
        return await().atMost(START_LIMIT)
                .until(() -> byAddress.get(leader), one -> one != null && one.lives());
    }

    /** One of those that run the job. */
    Jvm busyTaskManager() {
        return await().atMost(START_LIMIT).until(this::anyBusy, one -> one != null);
    }

    private Jvm anyBusy() {
        Set<String> busy = rest.busyTaskManagers();
        for (Jvm one : taskManagers) {
            if (one.lives() && busy.contains(one.name())) {
                return one;
            }
        }
        return null;
    }

    private static boolean listens(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        if (leaders != null) {
            endLeaders();
        }
        taskManagers.forEach(Jvm::kill);
        jobManagers.forEach(Jvm::kill);
        others.forEach(Jvm::kill);
    }

    private void endLeaders() {
        try {
            leaders.stop();
            zooKeeper.close();
        } catch (Exception e) {
            throw new IllegalStateException("cannot leave ZooKeeper", e);
        }
    }

    private final class Leaders implements LeaderRetrievalListener {

        @Override
        public void notifyLeaderAddress(String address, UUID session) {
            leader = address == null ? "" : address;
        }

        @Override
        public void handleError(Exception error) {
            leader = "";
        }
    }
}
