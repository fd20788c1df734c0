package dev.tally.source.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import dev.tally.codec.RandomValues;
import dev.tally.item.Item;
import dev.tally.item.Value;
import dev.tally.json.DynamoDbJson;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/**
 * Answers of GetRecords from a seed: with and without images, fields in any order, unknown fields
 * between them, values that nobody can read, and everything that the form of JSON leaves open.
 */
final class RandomAnswers {

    /** Of values that are no value, or not one of ours, or only just. */
    private static final String[] STRANGE = {
        "null",
        "{}",
        "{\"T\":\"2026-11-24\"}",
        "{\"T\":{\"a\":[1,{\"b\":null}]},\"S\":\"known\"}",
        "{\"S\":null}",
        "{\"S\":\"\"}",
        "{\"S\":\"a text of nothing but ASCII\"}",
        "{\"S\":\"the same, and \u00e9\"}",
        "{\"S\" :\"spaced\"}",
        "{\"S\":\"spaced\" }",
        "{\"T\":\"no known type\"}",
        "{\"S\":\"two\",\"N\":\"2\"}",
        "{\"T\":\"unknown first\",\"S\":\"known\"}",
        "{\"S\":\"known first\",\"T\":\"unknown\"}",
        "{\"N\":\"seven\"}",
        "{\"N\":\" 7\"}",
        "{\"N\":\"7e126\"}",
        "{\"N\":\"-9.99E+125\"}",
        "{\"N\":\"1E-130\"}",
        "{\"N\":\"1E-131\"}",
        "{\"N\":\"1e999999999999\"}",
        "{\"N\":\"" + "7".repeat(38) + "\"}",
        "{\"N\":\"" + "7".repeat(39) + "\"}",
        "{\"N\":\"000" + "7".repeat(38) + ".000\"}",
        "{\"N\":\"-0\"}",
        "{\"N\":\"+7\"}",
        "{\"N\":\"-\"}",
        "{\"N\":\"\"}",
        "{\"N\":\"-0123456789012345678\"}",
        "{\"N\":\"999999999999999999\"}",
        "{\"N\":\"1234567890123456789\"}",
        "{\"N\":\"\\u0037\"}",
        "{\"B\":\"\\/w==\"}",
        "{\"S\":\"\ufffd\"}",
        "{\"S\":\"in \u00e9 a \ud83d\ude00 text \\n of some \\\\ length \\u00e9\"}",
        "{\"S\":\"\\u00e9\\ud83d\\ude00\\n\\\"\\\\\\/\\u0000\"}",
        "{\"S\":\"\\ud800\"}",
        "{\"NULL\":false}",
        "{\"M\":{}}",
        "{\"L\":[]}",
        "{\"SS\":[]}",
        "{\"NS\":[]}",
        "{\"BS\":[]}",
        "{\"SS\":[\"b\",\"a\",\"b\",\"\"]}",
        "{\"SS\":[\"a\",null]}",
        "{\"NS\":[\"1\",\"1.0\",\"01\",\"-0\"]}",
        "{\"NS\":[\"1\",\"one\"]}",
        "{\"BS\":[\"\",\"AA==\",\"AA==\"]}",
        "{\"B\":\"\"}",
        "{\"L\":[{\"S\":\"a\"},null]}",
        "{\"M\":{\"a\":{\"N\":\"x\"},\"b\":{\"T\":1}}}",
        "{\"M\":{\"\":{\"L\":[{\"N\":\"1\"},{\"T\":[]},{\"N\":\"x\"}]}}}",
        nested(32, "{\"S\":\"deep\"}"),
        nested(33, "{\"S\":\"deeper\"}"),
        nested(33, "null"),
        nested(200, "{\"S\":\"deepest\"}")
    };

    private static final String[] TIMES = {
        "1790000000",
        " 1790000000.0 ",
        "1790000000.5",
        "1790000000.25",
        "1790000000.9996",
        "1.790000000E9",
        "1790000000e0",
        "17900000000000000e-7",
        "17900000000000000",
        "1790000000.000000001",
        "0",
        "-1",
        "\"1790000000\""
    };

    private static final String[] UNKNOWN = {
        "null",
        "1.5e3",
        "\"text\"",
        "{\"S\":[1,{\"Records\":[]}]}",
        "[[],{\"dynamodb\":{}}]",
        "true"
    };

    private final RandomValues values;
    private final Random random;

    RandomAnswers(long seed) {
        values = new RandomValues(seed);
        random = values.random();
    }

    private static String nested(int depth, String innermost) {
        StringBuilder value = new StringBuilder(innermost);
        for (int i = 0; i < depth; i++) {
            boolean list = i % 2 == 0;
            value.insert(0, list ? "{\"L\":[" : "{\"M\":{\"a\":").append(list ? "]}" : "}}");
        }
        return value.toString();
    }

    String next() {
        List<String> fields = new ArrayList<>();
        some(90, fields, "Records", this::records);
        some(80, fields, "NextShardIterator", this::text);
        return object(fields);
    }

    private String records() {
        List<String> records = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
            records.add(record());
        }
        return "[" + String.join("," + space(), records) + "]";
    }

    private String record() {
        List<String> fields = new ArrayList<>();
        some(95, fields, "eventID", this::text);
        some(95, fields, "eventName", () -> oneOf("\"INSERT\"", "\"MODIFY\"", "\"REMOVE\""));
        some(50, fields, "awsRegion", () -> "\"eu-west-1\"");
        some(30, fields, "userIdentity", this::identity);
        some(100, fields, "dynamodb", this::content);
        return object(fields);
    }

    private String identity() {
        List<String> fields = new ArrayList<>();
        some(
                80,
                fields,
                oneOf("PrincipalId", "PrincipalId", "principalId"),
                () -> oneOf("\"dynamodb.amazonaws.com\"", "\"x\"", "null"));
        some(80, fields, "Type", () -> "\"Service\"");
        return object(fields);
    }

    private String content() {
        List<String> fields = new ArrayList<>();
        String time = oneOf(TIMES);
        some(100, fields, "ApproximateCreationDateTime", () -> time);
        some(95, fields, "Keys", this::image);
        some(70, fields, "NewImage", this::image);
        some(70, fields, "OldImage", this::image);
        some(95, fields, "SequenceNumber", () -> "\"10000000000" + random.nextInt(1000) + "\"");
        some(50, fields, "SizeBytes", () -> "1234");
        return object(fields);
    }

    private String image() {
        List<String> fields = new ArrayList<>();
        for (Map.Entry<String, Value> field : values.item().attributes().entrySet()) {
            boolean strange = random.nextInt(4) == 0;
            String value = strange ? oneOf(STRANGE) : json(field.getValue());
            fields.add(quoted(field.getKey()) + ":" + space() + value);
        }
        return joined(fields);
    }

    private String json(Value value) {
        String item = new String(DynamoDbJson.toBytes(Item.of(Map.of("x", value))), UTF_8);
        return item.substring(item.indexOf(':') + 1, item.length() - 1);
    }

    private void some(int percent, List<String> fields, String name, Supplier<String> value) {
        int dice = random.nextInt(100);
        if (dice < percent) {
            boolean none = percent < 100 && random.nextInt(20) == 0;
            fields.add(quoted(name) + space() + ":" + (none ? "null" : value.get()));
        }
    }

    /** In any order, with something unknown between them. */
    private String object(List<String> fields) {
        if (random.nextInt(4) == 0) {
            fields.add("\"Unknown\":" + oneOf(UNKNOWN));
        }
        return joined(fields);
    }

    private String joined(List<String> fields) {
        Collections.shuffle(fields, random);
        return "{" + space() + String.join("," + space(), fields) + "}";
    }

    private String space() {
        return random.nextInt(8) == 0 ? oneOf(" ", "\n", "\t", "\r\n") : "";
    }

    private String oneOf(String... choices) {
        return choices[random.nextInt(choices.length)];
    }

    private String text() {
        return quoted(values.text());
    }

    /** As it is, or all of it escaped. */
    private String quoted(String text) {
        if (random.nextInt(4) > 0) {
            return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
        }
        StringBuilder escaped = new StringBuilder();
        for (char unit : text.toCharArray()) {
            escaped.append(String.format("\\u%04x", (int) unit));
        }
        return '"' + escaped.toString() + '"';
    }
}
