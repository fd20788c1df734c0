package dev.tally.source.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.source.client.ClientException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.zip.CRC32;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Goal: an answer of GetRecords that we read is the one that the SDK would have read. Method: the
 * same bytes over HTTP to two clients, of which one leaves reading to the SDK; both pages must be
 * equal, or both calls fail with the same kind of failure. Random answers, whole, cut off, torn and
 * damaged. It cannot catch what both do wrong.
 */
class AnswerReaderTest {

    private static final KeySchema KEY = KeySchema.of(new KeySchema.Attribute("a.7", Value.Type.S));

    private static final int ANSWERS = 2 * Integer.getInteger("tally.seeds", 200);

    private final FixedAnswer answer;

    AnswerReaderTest() throws IOException {
        answer = new FixedAnswer();
    }

    @AfterEach
    void close() {
        answer.close();
    }

    /** What a call comes to, in a form that can be compared. */
    private static List<Object> outcome(TableClient client) {
        try {
            ChangePage page = client.getRecords("iterator", 1000).join();
            List<Object> outcome = new ArrayList<>();
            outcome.add(page.nextIterator());
            page.changes().forEach(change -> outcome.add(fields(change)));
            return outcome;
        } catch (CompletionException e) {
            return List.of(((ClientException) e.getCause()).kind());
        }
    }

    static List<Object> fields(Change change) {
        List<Object> fields = new ArrayList<>();
        fields.add(change.eventId());
        fields.add(change.sequenceNumber());
        fields.add(change.keys());
        fields.add(change.oldImage());
        fields.add(change.newImage());
        fields.add(change.removal());
        fields.add(change.time());
        fields.add(change.ttl());
        fields.add(change.unread().count());
        fields.add(change.unread().sentence());
        return fields;
    }

    private static boolean failed(List<Object> outcome) {
        return outcome.get(0) instanceof Kind;
    }

    @Test
    void wholeAnswersAreReadAlike() {
        RandomAnswers answers = new RandomAnswers(1);
        TableClient sdk = answer.client(Wanted.ALL, false);
        TableClient own = answer.client(Wanted.ALL, true);
        int changes = 0;
        for (int i = 0; i < ANSWERS; i++) {
            byte[] body = answers.next().getBytes(UTF_8);
            answer.is(body).header("x-amz-crc32", Long.toString(crc(body)));
            List<Object> expected = outcome(sdk);
            assertThat(outcome(own)).as("answer %d", i).isEqualTo(expected);
            assertThat(failed(expected)).as("answer %d", i).isFalse();
            changes += expected.size() - 1;
        }
        assertThat(changes).isGreaterThan(ANSWERS);
    }

    @Test
    void theNextIteratorIsNamedIfItIsTheFirstFieldOrTheLast() throws Exception {
        assertThat(next("{'NextShardIterator':'a/b==|1','Records':[]}")).isEqualTo("a/b==|1");
        assertThat(next(" { 'NextShardIterator' : 'a' , 'Records' : [ ] } ")).isEqualTo("a");
        assertThat(next("{'Records':[],'NextShardIterator':'a/b==|1'}")).isEqualTo("a/b==|1");
        assertThat(next("{'Records':[],'NextShardIterator':'é'}")).isEqualTo("é");
        assertThat(next("{'NextShardIterator':null,'Records':[]}")).isNull();
        assertThat(next("{'Records':[],'NextShardIterator':null}")).isNull();
        assertThat(next("{'Records':[],'NextShardIterator':'a','More':1}")).isNull();
        assertThat(next("{}")).isNull();
    }

    /** Of what the table's users wrote, nothing can be taken for it. */
    @Test
    void noValueIsTakenForTheNextIterator() throws Exception {
        assertThat(next("{'a':{'NextShardIterator':'a'}}")).isNull();
        assertThat(next("{'a':',\\'NextShardIterator\\':\\'a'}")).isNull();
        assertThat(next("{'a':'x','NextShardIterator':'b\\u0061'}")).isNull();
        assertThat(next("{'a':'x','NotNextShardIterator':'a'}")).isNull();
    }

    private static String next(String answer) throws AnswerException {
        return AnswerReader.nextIterator(answer.replace('\'', '"').getBytes(UTF_8));
    }

    @Test
    void whatIsNamedIsTheNextIteratorOfThePage() throws Exception {
        RandomAnswers answers = new RandomAnswers(7);
        int named = 0;
        for (int i = 0; i < ANSWERS; i++) {
            byte[] body = answers.next().getBytes(UTF_8);
            String next = AnswerReader.nextIterator(body);
            if (next != null) {
                ChangePage page = AnswerReader.changes(body, Wanted.ALL, 1);
                assertThat(next).as("answer %d", i).isEqualTo(page.nextIterator());
                named++;
            }
        }
        assertThat(named).isGreaterThan(ANSWERS / 10);
    }

    @Test
    void whatIsNotWantedIsLeftOutAlike() {
        RandomAnswers answers = new RandomAnswers(2);
        Wanted wanted = Wanted.only(List.of("a.1", "a.2", "a.3", "a.11"), KEY);
        TableClient sdk = answer.client(wanted, false);
        TableClient own = answer.client(wanted, true);
        boolean unread = false;
        for (int i = 0; i < ANSWERS; i++) {
            answer.is(answers.next().getBytes(UTF_8));
            assertThat(outcome(own)).as("answer %d", i).isEqualTo(outcome(sdk));
            for (Change change : own.getRecords("iterator", 1000).join().changes()) {
                for (Item image : images(change)) {
                    assertThat(image.attributes().keySet()).isSubsetOf("a.1", "a.2", "a.3", "a.11");
                }
                unread |= change.unread().count() > 0;
            }
        }
        assertThat(unread).isTrue();
    }

    private static List<Item> images(Change change) {
        List<Item> images = new ArrayList<>();
        if (change.oldImage() != null) {
            images.add(change.oldImage());
        }
        if (change.newImage() != null) {
            images.add(change.newImage());
        }
        return images;
    }

    @Test
    void cutOffAnswersFailAlike() {
        RandomAnswers answers = new RandomAnswers(3);
        Random random = new Random(3);
        TableClient sdk = answer.client(Wanted.ALL, false);
        TableClient own = answer.client(Wanted.ALL, true);
        for (int i = 0; i < ANSWERS; i++) {
            byte[] body = answers.next().getBytes(UTF_8);
            answer.is(Arrays.copyOf(body, 1 + random.nextInt(body.length - 1)));
            assertThat(outcome(own))
                    .as("answer %d", i)
                    .isEqualTo(outcome(sdk))
                    .isEqualTo(List.of(Kind.TRANSIENT));
        }
    }

    /**
     * One bit is another: mostly no JSON any more, else a name or a value that is another. Both
     * fail, or both read the same; but the damage may be in what we skip, and then nothing is read
     * of it, or be no UTF-8, which the SDK takes for a character.
     */
    @Test
    void damagedAnswersAreReadAlike() {
        RandomAnswers answers = new RandomAnswers(4);
        Random random = new Random(4);
        TableClient sdk = answer.client(Wanted.ALL, false);
        TableClient own = answer.client(Wanted.ALL, true);
        int read = 0;
        int failed = 0;
        int skipped = 0;
        for (int i = 0; i < ANSWERS; i++) {
            byte[] body = answers.next().getBytes(UTF_8);
            answer.is(body.clone());
            List<Object> undamaged = outcome(sdk);
            body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
            answer.is(body);
            List<Object> expected = outcome(sdk);
            List<Object> actual = outcome(own);
            if (failed(actual) && !isUtf8(body)) {
                failed++;
            } else if (!failed(expected)) {
                assertThat(actual).as("answer %d", i).isEqualTo(expected);
                read++;
            } else if (failed(actual)) {
                failed++;
            } else {
                assertThat(actual).as("answer %d", i).isEqualTo(undamaged);
                skipped++;
            }
        }
        assertThat(List.of(read, failed)).allMatch(times -> times > ANSWERS / 10);
        assertThat(skipped).isLessThan(ANSWERS / 10);
    }

    private static boolean isUtf8(byte[] body) {
        return Arrays.equals(new String(body, UTF_8).getBytes(UTF_8), body);
    }

    /** The SDK takes it for the end of the shard, and what is left of the shard would be lost. */
    @Test
    void anAnswerWithoutABodyIsNoEndOfTheShard() {
        answer.is(new byte[0]);
        assertThat(outcome(answer.client(Wanted.ALL, false))).isEqualTo(nothing());
        assertThat(outcome(answer.client(Wanted.ALL, true))).isEqualTo(List.of(Kind.TRANSIENT));
        answer.is("{}".getBytes(UTF_8));
        assertThat(outcome(answer.client(Wanted.ALL, true))).isEqualTo(nothing());
    }

    private static List<Object> nothing() {
        return Collections.singletonList(null);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aWrongChecksumIsSeen(boolean ownReading) {
        byte[] body = new RandomAnswers(5).next().getBytes(UTF_8);
        TableClient client = answer.client(Wanted.ALL, ownReading);
        answer.is(body).header("x-amz-crc32", Long.toString(crc(body)));
        assertThat(failed(outcome(client))).isFalse();
        answer.header("x-amz-crc32", Long.toString(crc(body) ^ 1));
        assertThat(outcome(client)).isEqualTo(List.of(Kind.TRANSIENT));
    }

    @Test
    void aCompressedAnswerIsReadAlike() throws IOException {
        byte[] body = new RandomAnswers(6).next().getBytes(UTF_8);
        ByteArrayOutputStream compressed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(compressed)) {
            out.write(body);
        }
        TableClient own = answer.client(Wanted.ALL, true);
        List<Object> expected = outcome(answer.is(body).client(Wanted.ALL, false));
        answer.is(compressed.toByteArray())
                .header("Content-Encoding", "gzip")
                .header("x-amz-crc32", Long.toString(crc(compressed.toByteArray())));
        assertThat(outcome(own)).isEqualTo(expected).hasSizeGreaterThan(1);
    }

    @ParameterizedTest
    @CsvSource({
        "400, ProvisionedThroughputExceededException, THROTTLED",
        "400, ExpiredIteratorException, EXPIRED_ITERATOR",
        "400, TrimmedDataAccessException, TRIMMED",
        "400, AccessDeniedException, ACCESS_DENIED",
        "400, ValidationException, REFUSED",
        "500, InternalServerError, TRANSIENT"
    })
    void errorsAreLeftToTheSdk(int status, String code, Kind kind) {
        String error = "{\"__type\":\"com.amazonaws.dynamodb.v20120810#" + code + "\"}";
        answer.is(error.getBytes(UTF_8)).status(status);
        assertThat(outcome(answer.client(Wanted.ALL, false))).isEqualTo(List.of(kind));
        assertThat(outcome(answer.client(Wanted.ALL, true))).isEqualTo(List.of(kind));
    }

    /** What came of a torn answer is not in the next one. */
    @Test
    void aTornAnswerIsForgotten() {
        byte[] body = new RandomAnswers(7).next().getBytes(UTF_8);
        TableClient own = answer.client(Wanted.ALL, true);
        List<Object> whole = outcome(answer.is(body).client(Wanted.ALL, false));
        for (int i = 1; i < 20; i++) {
            assertThat(outcome(own)).isEqualTo(whole);
            answer.torn(i);
            assertThat(outcome(own)).isEqualTo(List.of(Kind.TRANSIENT));
            answer.torn(0);
        }
    }

    private static long crc(byte[] body) {
        CRC32 crc = new CRC32();
        crc.update(body);
        return crc.getValue();
    }
}
