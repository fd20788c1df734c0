package dev.tally.codec;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Damages bytes by a seed and has them read: that must give a value or a clear error, with little
 * time and memory; never a crash of another kind. A failing seed is named and replays with {@code
 * -Dtally.seed}.
 */
public final class Fuzz {

    /** Reads what may be damaged. */
    public interface Reader {
        void read(byte[] bytes) throws Exception;
    }

    private static final int VARIANTS = 10;
    private static final long BYTES_MAX = 64L << 20;

    /** Also of what is soon garbage again: a YAML parser makes a lot of it. */
    private static final long BYTES_PER_BYTE_MAX = 4_000;

    private static final long CPU_NANOS_MAX = 8_000_000_000L;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final String what;
    private final Class<? extends Exception> clear;
    private final Reader reader;
    private final List<byte[]> whole = new ArrayList<>();

    /**
     * @param clear what may be thrown: with a sentence, or because the bytes end
     */
    public Fuzz(String what, Class<? extends Exception> clear, Reader reader) {
        this.what = what;
        this.clear = clear;
        this.reader = reader;
    }

    /** Something that can be read, to be damaged. */
    public Fuzz with(byte[]... bytes) {
        whole.addAll(Arrays.asList(bytes));
        return this;
    }

    public Fuzz with(String text) {
        return with(text.getBytes(StandardCharsets.UTF_8));
    }

    public void run() {
        Long only = Long.getLong("tally.seed");
        int seeds = Integer.getInteger("tally.seeds", 200);
        for (long seed = only == null ? 0 : only;
                seed < (only == null ? seeds : only + 1);
                seed++) {
            Random random = new Random(seed);
            for (int variant = 0; variant < VARIANTS; variant++) {
                check(seed, damaged(random));
            }
        }
    }

    /** One that is not random. */
    public void check(byte[] bytes) {
        check(-1, bytes);
    }

    private void check(long seed, byte[] bytes) {
        long thread = Thread.currentThread().getId();
        long memory = THREADS.getThreadAllocatedBytes(thread);
        long start = THREADS.getCurrentThreadCpuTime();
        String wrong = null;
        Throwable thrown = null;
        try {
            reader.read(bytes);
        } catch (Exception | StackOverflowError | OutOfMemoryError e) {
            thrown = e;
            wrong = isClear(e) ? null : "threw " + e;
        }
        if (THREADS.getCurrentThreadCpuTime() - start > CPU_NANOS_MAX) {
            wrong = "took too long";
        }
        long most = BYTES_MAX + BYTES_PER_BYTE_MAX * bytes.length;
        if (THREADS.getThreadAllocatedBytes(thread) - memory > most) {
            wrong = "took too much memory";
        }
        if (wrong != null) {
            String name = what + " of " + bytes.length + " damaged bytes " + wrong;
            throw new AssertionError(name + "; rerun with -Dtally.seed=" + seed, thrown);
        }
    }

    private boolean isClear(Throwable thrown) {
        if (thrown instanceof java.io.EOFException) {
            return clear.isInstance(thrown);
        }
        return clear.isInstance(thrown)
                && thrown.getMessage() != null
                && thrown.getMessage().startsWith("cannot ");
    }

    private byte[] damaged(Random random) {
        if (whole.isEmpty() || random.nextInt(10) == 0) {
            byte[] noise = new byte[random.nextInt(200)];
            random.nextBytes(noise);
            if (noise.length > 0) {
                noise[0] = (byte) random.nextInt(4);
            }
            return noise;
        }
        byte[] bytes = whole.get(random.nextInt(whole.size())).clone();
        for (int times = 1 + random.nextInt(3); times > 0; times--) {
            bytes = damaged(bytes, random);
        }
        return bytes;
    }

    private byte[] damaged(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length + 1);
        switch (random.nextInt(6)) {
            case 0:
                return Arrays.copyOf(bytes, at);
            case 1:
                if (at < bytes.length) {
                    bytes[at] ^= (byte) (1 << random.nextInt(8));
                }
                return bytes;
            case 2:
                byte[] length = {-1, -1, -1, -1, (byte) random.nextInt(128)};
                return put(bytes, at, Math.min(bytes.length, at + 1), length);
            case 3:
                byte[] noise = new byte[random.nextInt(12)];
                random.nextBytes(noise);
                return put(bytes, at, at, noise);
            case 4:
                return put(bytes, at, Math.min(bytes.length, at + random.nextInt(8)), new byte[0]);
            default:
                byte[] other = whole.get(random.nextInt(whole.size()));
                int from = random.nextInt(other.length + 1);
                int to = Math.min(other.length, from + random.nextInt(40));
                return put(bytes, at, at, Arrays.copyOfRange(other, from, to));
        }
    }

    private static byte[] put(byte[] bytes, int from, int to, byte[] middle) {
        byte[] result = new byte[from + middle.length + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
        return result;
    }
}
