package dev.tally.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.Value;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FilterTest {

    @ParameterizedTest(name = "{0} on {1}: {2}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                // equality, by type and exactly
                "{'a': ['x']}                | {'a': 'x'}       | true",
                "{'a': ['x']}                | {'a': 'X'}       | false",
                "{'a': ['x', 'y']}           | {'a': 'y'}       | true",
                "{'a': ['x']}                | {}               | false",
                "{'a': ['']}                 | {'a': ''}        | true",
                "{'a': ['1']}                | {'a': 1}         | false",
                "{'a': [1]}                  | {'a': '1'}       | false",
                "{'a': [1]}                  | {'a': 1.0}       | true",
                "{'a': [1.5e1]}              | {'a': 15}        | true",
                "{'a': [true]}               | {'a': true}      | true",
                "{'a': [true]}               | {'a': 'true'}    | false",
                "{'a': [null]}               | {'a': null}      | true",
                "{'a': [null]}               | {}               | false",
                "{'a': [12345678901234567890123456789012345678]}"
                        + " | {'a': 12345678901234567890123456789012345678} | true",
                "{'a': [12345678901234567890123456789012345678]}"
                        + " | {'a': 12345678901234567890123456789012345679} | false",
                // all fields, through maps
                "{'a': ['x'], 'b': [1]}      | {'a': 'x', 'b': 1} | true",
                "{'a': ['x'], 'b': [1]}      | {'a': 'x', 'b': 2} | false",
                "{'a': {'b': ['x']}}         | {'a': {'b': 'x'}}  | true",
                "{'a': {'b': ['x']}}         | {'a': 'x'}         | false",
                "{'a': ['x']}                | {'a': {'x': 'x'}}  | false",
                // lists and sets: any element
                "{'a': ['x']}                | {'a': ['w', 'x']}         | true",
                "{'a': ['x']}                | {'a': {'$set': ['x']}}    | true",
                "{'a': ['x']}                | {'a': [['w'], ['x']]}     | true",
                "{'a': ['x']}                | {'a': []}                 | false",
                "{'a': [{'anything-but': 'x'}]} | {'a': ['w', 'x']}      | true",
                "{'a': [{'anything-but': 'x'}]} | {'a': ['x']}           | false",
                "{'a': {'b': [1], 'c': [2]}} | {'a': [{'b': 1, 'c': 2}, {}]}     | true",
                "{'a': {'b': [1], 'c': [2]}} | {'a': [{'b': 1}, {'c': 2}]}       | false",
                // numeric
                "{'a': [{'numeric': ['>', 0, '<=', 5]}]} | {'a': 5}       | true",
                "{'a': [{'numeric': ['>', 0, '<=', 5]}]} | {'a': 5.0001}  | false",
                "{'a': [{'numeric': ['<=', 5, '>', 0]}]} | {'a': 0}       | false",
                "{'a': [{'numeric': ['=', 5]}]}          | {'a': 5.0}     | true",
                "{'a': [{'numeric': ['>', 0]}]}          | {'a': '5'}     | false",
                "{'a': [{'numeric': ['>', 1234567890123456789012345]}]}"
                        + " | {'a': 1234567890123456789012346} | true",
                "{'a': [{'numeric': ['>', 1234567890123456789012345]}]}"
                        + " | {'a': 1234567890123456789012345} | false",
                // exists: maps and empty lists too
                "{'a': [{'exists': true}]}   | {'a': 1}            | true",
                "{'a': [{'exists': true}]}   | {'a': null}         | true",
                "{'a': [{'exists': true}]}   | {'a': {'b': 1}}     | true",
                "{'a': [{'exists': true}]}   | {'a': []}           | true",
                "{'a': [{'exists': true}]}   | {}                  | false",
                "{'a': [{'exists': false}]}  | {}                  | true",
                "{'a': [{'exists': false}]}  | {'a': {}}           | false",
                "{'a': [{'exists': false}, 'x']} | {'a': 'x'}      | true",
                "{'a': [{'exists': false}, 'x']} | {'a': 'y'}      | false",
                "{'a': {'b': [{'exists': false}]}} | {}            | true",
                "{'a': {'b': [{'exists': false}]}} | {'a': 'x'}    | true",
                "{'a': {'b': [{'exists': false}]}} | {'a': [{'c': 1}]}           | true",
                "{'a': {'b': [{'exists': false}]}} | {'a': [{'b': 1}, {'c': 1}]} | false",
                // text
                "{'a': [{'prefix': 'x'}]}    | {'a': 'xy'}         | true",
                "{'a': [{'prefix': 'x'}]}    | {'a': 'yx'}         | false",
                "{'a': [{'prefix': '1'}]}    | {'a': 1}            | false",
                "{'a': [{'prefix': {'equals-ignore-case': 'X'}}]} | {'a': 'xy'}  | true",
                "{'a': [{'suffix': 'x'}]}    | {'a': 'yx'}         | true",
                "{'a': [{'suffix': {'equals-ignore-case': 'X'}}]} | {'a': 'yx'}  | true",
                "{'a': [{'equals-ignore-case': 'X'}]} | {'a': 'x'} | true",
                "{'a': [{'wildcard': 'x*z'}]} | {'a': 'xyyz'}      | true",
                "{'a': [{'wildcard': 'x*z'}]} | {'a': 'xyy'}       | false",
                "{'a': [{'cidr': '10.0.0.0/8'}]} | {'a': '10.1.2.3'} | true",
                "{'a': [{'cidr': '10.0.0.0/8'}]} | {'a': '11.1.2.3'} | false",
                "{'a': [{'cidr': '10.0.0.0/8'}]} | {'a': 'no address'} | false",
                "{'a': [{'cidr': '2001:db8::/32'}]} | {'a': '2001:db8::1'} | true",
                "{'a': [{'wildcard': '*é😀*'}]} | {'a': 'xé😀'}    | true",
                "{'a': [{'equals-ignore-case': 'É'}]} | {'a': 'é'} | true",
                "{'a': [{'suffix': '\\\\'}]} | {'a': 'x\\\\'}     | true",
                "{'a': [{'prefix': ''}]}     | {'a': ''}           | true",
                // anything-but: there, and other
                "{'a': [{'anything-but': 'x'}]}            | {'a': 'y'}  | true",
                "{'a': [{'anything-but': 'x'}]}            | {'a': 1}    | true",
                "{'a': [{'anything-but': 'x'}]}            | {'a': null} | true",
                "{'a': [{'anything-but': 'x'}]}            | {}          | false",
                "{'a': [{'anything-but': 'x'}]}            | {'a': {}}   | false",
                "{'a': [{'anything-but': ['x', 'y']}]}     | {'a': 'y'}  | false",
                "{'a': [{'anything-but': 1}]}              | {'a': 1.0}  | false",
                "{'a': [{'anything-but': [1, 2]}]}         | {'a': 3}    | true",
                "{'a': [{'anything-but': [1, 2]}]}         | {'a': '1'}  | true",
                "{'a': [{'anything-but': 12345678901234567890}]}"
                        + " | {'a': 12345678901234567891} | true",
                "{'a': [{'anything-but': {'prefix': 'x'}}]} | {'a': 'xy'} | false",
                "{'a': [{'anything-but': {'suffix': 'x'}}]} | {'a': 'xy'} | true",
                "{'a': [{'anything-but': {'wildcard': 'x*'}}]} | {'a': 'xy'} | false",
                "{'a': [{'anything-but': {'equals-ignore-case': ['X']}}]} | {'a': 'x'} | false",
                // $or, beside others and inside
                "{'$or': [{'a': [1]}, {'b': [1]}]}             | {'b': 1}         | true",
                "{'$or': [{'a': [1]}, {'b': [1]}]}             | {'c': 1}         | false",
                "{'c': [1], '$or': [{'a': [1]}, {'b': [1]}]}   | {'b': 1}         | false",
                "{'a': {'$or': [{'b': [1]}, {'c': [1]}]}}      | {'a': {'c': 1}}  | true",
                // names with dots, and paths
                "{'a.b': [1]}                | {'a.b': 1}          | true",
                "{'a.b': [1]}                | {'a': {'b': 1}}     | true",
                "{'a.b': [1]}                | {'a': [{'b': 1}]}   | true",
                "{'a[1]': [1]}               | {'a': [0, 1]}       | true",
                "{'a[1]': [1]}               | {'a': [1, 0]}       | false",
                "{'x': {'a.b': [1]}}         | {'x': {'a.b': 1}}   | true",
                "{'a.b': [{'exists': false}]} | {'a.b': 1}         | false",
                "{'a.b': [{'exists': false}]} | {'a': {'b': 1}}    | false",
                "{'a.b': [{'exists': false}]} | {'a': {'c': 1}}    | true",
                "{'a..b.': [1]}              | {'a..b.': 1}        | true",
            })
    void decides(String pattern, String item, boolean matches) {
        Filter filter = Filter.parse(Json.quoted(pattern));

        assertThat(filter.matches(Json.item(item))).isEqualTo(matches);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{} | at []: an empty pattern says nothing. Leave it out, or name an attribute",
                "{'a': 'open'} | at [a]: a pattern lists what may match. Write a: [open]",
                "{'a': '01'} | at [a]: a pattern lists what may match. Write a: ['01']",
                "{'a': {'prefix': 'x'}}"
                        + " | at [a]: a pattern lists what may match. Write a: [{'prefix':'x'}]",
                "{'a': []}"
                        + " | at [a]: an empty list matches nothing. List what may match,"
                        + " like [open]",
                "{'a': [[1]]} | at [a, 0]: alternatives are values or matchers, not lists",
                "{'a': [{}]} | at [a, 0]: a matcher has one key, one of prefix, suffix,"
                        + " anything-but, equals-ignore-case, wildcard, cidr, numeric, exists",
                "{'a': [{'prefx': 'x'}]}"
                        + " | at [a, 0, prefx]: 'prefx' is no matcher; these are: prefix, suffix,"
                        + " anything-but, equals-ignore-case, wildcard, cidr, numeric, exists."
                        + " Did you mean 'prefix'?",
                "{'a': [{'exists': 'yes'}]} | at [a, 0, exists]: exists is true or false",
                "{'a': [{'numeric': ['>']}]}"
                        + " | at [a, 0, numeric]: numeric is a list of one or two comparisons by"
                        + " = < <= > >=, like numeric: ['>', 0, '<=', 5]",
                "{'a': [{'wildcard': 'a**b'}]}"
                        + " | at [a, 0, wildcard]: the ruler refuses {'wildcard':'a**b'}:"
                        + " Consecutive wildcard characters at pos 2",
                "{'a': [1e200]}"
                        + " | at [a, 0]: no item holds this number: cannot hold a number of 1"
                        + " digits and exponent 200: DynamoDB allows 38 digits and exponents from"
                        + " -130 to 125",
                "{'$or': {'a': [1]}} | at [$or]: $or is a list of patterns,"
                        + " like $or: [{ Status: [open] }, { Effort: [1] }]",
                "{'a': 1, 'b': {}} | at [a]: a pattern lists what may match. Write a: [1];"
                        + " at [b]: an empty pattern says nothing. Leave it out, or name an"
                        + " attribute",
            })
    void refuses(String pattern, String mistakes) {
        assertThatThrownBy(() -> Filter.parse(Json.quoted(pattern)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        Json.quoted("cannot read the pattern " + pattern + ": ")
                                + Json.quoted(mistakes)
                                        .replace("\"prefx\" is", "'prefx' is")
                                        .replace("\"prefix\"?", "'prefix'?"));
    }

    @Test
    void matchesBytesAsTheirBase64() {
        Item item = Item.of(Map.of("a", Value.binary("hi".getBytes(StandardCharsets.UTF_8))));

        assertThat(Filter.of(Map.of("a", List.of(Map.of("prefix", "aGk")))).matches(item)).isTrue();
    }

    @Test
    void namesTheAttributesItMayRead() {
        Filter filter =
                Filter.parse(
                        Json.quoted(
                                "{'a': {'x': [1]}, 'b.c': [1], '$or': [{'d': [1]}, {'e': [1]}]}"));

        assertThat(filter.attributes()).containsExactly("a", "b", "b.c", "d", "e");
    }

    @Test
    void decidesTheSameWhereItIsShippedTo() throws Exception {
        Filter filter = Filter.parse(Json.quoted("{'a': [{'prefix': 'x'}]}"));

        Filter shipped = copy(filter);

        assertThat(shipped).isEqualTo(filter).hasToString(filter.toString());
        assertThat(shipped.matches(Json.item("{'a': 'xy'}"))).isTrue();
        assertThat(shipped.matches(Json.item("{'a': 'yx'}"))).isFalse();
    }

    private static Filter copy(Filter filter) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(filter);
        }
        try (ObjectInputStream in =
                new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            return (Filter) in.readObject();
        }
    }
}
