package dev.tally.job.managed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tally.testing.SourceTree;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/** {@code scripts/submit.sh managed} as a person types it, against the fake. */
final class ManagedScript {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Map<String, String> environment = new TreeMap<>();
    private final Path folder;

    /** What a run of the script left behind. */
    static final class Said {
        final int code;
        final String out;
        final String talk;

        Said(int code, String out, String talk) {
            this.code = code;
            this.out = out;
            this.talk = talk;
        }

        /** The last line of the talk: what went wrong. */
        String why() {
            String[] lines = talk.strip().split("\n");
            return lines[lines.length - 1];
        }

        JsonNode json() throws IOException {
            return JSON.readTree(out);
        }

        @Override
        public String toString() {
            return "exit code " + code + "\n" + out + talk;
        }
    }

    ManagedScript(FakeAws fake, Path folder) {
        this.folder = folder;
        environment.put("TALLY_AWS_ENDPOINT", fake.endpoint);
        environment.put("TALLY_POLL_SECONDS", "0");
        environment.put("AWS_ACCESS_KEY_ID", "local");
        environment.put("AWS_SECRET_ACCESS_KEY", "local");
        environment.put("AWS_REGION", "us-east-1");
        environment.put("AWS_CONFIG_FILE", folder.resolve("no-config").toString());
        environment.put("AWS_SHARED_CREDENTIALS_FILE", folder.resolve("no-login").toString());
        environment.put("AWS_EC2_METADATA_DISABLED", "true");
        environment.put("AWS_MAX_ATTEMPTS", "1");
    }

    /** Takes a stand-in for the AWS CLI, which takes a second to start. */
    ManagedScript quick() throws IOException {
        Path standIn = Files.createDirectories(folder.resolve("bin")).resolve("aws");
        try (InputStream script = ManagedScript.class.getResourceAsStream("/managed/aws")) {
            Files.copy(script, standIn);
        }
        if (!standIn.toFile().setExecutable(true)) {
            throw new IOException("cannot make " + standIn + " executable");
        }
        return with("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
    }

    /** Takes the stand-in for looks that the AWS CLI has made once already. */
    ManagedScript sparing() throws IOException, InterruptedException {
        Process find = new ProcessBuilder("bash", "-c", "command -v aws").start();
        String real = new String(find.getInputStream().readAllBytes(), UTF_8).strip();
        find.waitFor();
        String seen = Files.createDirectories(folder.resolve("seen")).toString();
        return quick().with("REAL_AWS", real).with("REAL_AWS_SEEN", seen);
    }

    ManagedScript with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** The smallest jar that may be deployed; another version of it has other bytes. */
    String jar(String version) throws IOException {
        Path jar = folder.resolve(version + ".jar");
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MAIN_CLASS, "Main");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest)) {
            out.putNextEntry(new ZipEntry("Main.class"));
            out.write(new byte[] {(byte) 0xCA, (byte) 0xFE, (byte) 0xBA, (byte) 0xBE, 0, 0, 0, 55});
            out.putNextEntry(new ZipEntry(version));
        }
        return jar.toString();
    }

    /** Runs a verb to its end. */
    Said run(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(SourceTree.root().resolve("scripts/submit.sh").toString());
        command.add("managed");
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
        builder.environment().putAll(environment);
        Path out = folder.resolve("out");
        Path talk = folder.resolve("talk");
        builder.redirectOutput(out.toFile()).redirectError(talk.toFile());
        builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
        Process script = builder.start();
        if (!script.waitFor(5, TimeUnit.MINUTES)) {
            script.destroy();
            throw new IllegalStateException("no end of " + command + Files.readString(talk));
        }
        return new Said(
                script.exitValue(), Files.readString(out, UTF_8), Files.readString(talk, UTF_8));
    }

    /** Whether a program can be run here. */
    static boolean there(String program) throws IOException, InterruptedException {
        Process look =
                new ProcessBuilder("bash", "-c", "command -v " + program)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return look.waitFor() == 0;
    }
}
