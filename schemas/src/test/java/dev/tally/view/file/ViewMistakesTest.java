package dev.tally.view.file;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is told about wrong views, their groups, measures and targets. */
class ViewMistakesTest {

    private static final String TO = "to: { table: counts }";
    private static final String BY = "group-by: [L]";
    private static final String N = "measures: { N: count }";

    static Stream<Arguments> views() {
        return Stream.of(
                Arguments.of(
                        List.of("table: t"),
                        "3:5 view 'v' needs group-by, like group-by: [ListId], or group-by: []"
                                + " for one group of all items;"
                                + " 3:5 view 'v' needs measures, like measures: { TaskCount:"
                                + " count };"
                                + " 3:5 view 'v' needs to, like to: { table: todoTaskCount }"),
                Arguments.of(
                        List.of("table: tt", BY, N, TO),
                        "3:12 view 'v': tables has no 'tt'. Did you mean 't'?"),
                Arguments.of(
                        List.of("table: t", BY, N, "to: counts"),
                        "6:9 to of view 'v' is a map. Write to: { table: counts }"),
                Arguments.of(
                        List.of("table: t", BY, N, TO, "freshness: eager"),
                        "7:5 view 'v': freshness belongs under to: { freshness: … }"),
                Arguments.of(
                        List.of("table: t", BY, N, TO, "removed-view: drop"),
                        "7:19 view 'v': removed-view is fail or keep or delete-rows, not 'drop'."),
                Arguments.of(
                        List.of("table: t", BY, N, TO, "mesures: {}"),
                        "7:5 unknown key 'mesures' in view 'v'. Did you mean 'measures'?"),
                // groups
                Arguments.of(
                        List.of("table: t", "group-by:", N, TO),
                        "4:14 view 'v': group-by is a list. Write group-by: []"),
                Arguments.of(
                        List.of("table: t", "group-by: [L, L]", N, TO),
                        "4:19 view 'v': it is grouped by L twice"),
                Arguments.of(
                        List.of("table: t", "group-by: ['a.']", N, TO),
                        "4:16 view 'v': cannot read the attribute path 'a.' at character 3: it"
                                + " ends with a dot"),
                Arguments.of(
                        List.of("table: t", "group-by: [{ eech: L }]", N, TO),
                        "4:16 group-by of view 'v': write { attribute: ListId } or, for one"
                                + " group per element of a list or set, { each: Tags };"
                                + " 4:18 unknown key 'eech' in group-by of view 'v'. Did you"
                                + " mean 'each'?"),
                Arguments.of(
                        List.of("table: t", "group-by: [7]", N, TO),
                        "4:16 view 'v': an attribute in group-by is text, not a number. Write"
                                + " '7' with quotes"),
                // where
                Arguments.of(
                        List.of("table: t", BY, N, TO, "where: { S: [{ prefx: a }] }"),
                        "7:20 view 'v': where: 'prefx' is no matcher; these are: prefix, suffix,"
                                + " anything-but, equals-ignore-case, wildcard, cidr, numeric,"
                                + " exists. Did you mean 'prefix'?"),
                Arguments.of(
                        List.of(
                                "table: t",
                                BY,
                                N,
                                TO,
                                "where: { eventName: [INSERT], dynamodb: { NewImage: { Status: {"
                                        + " S: [open] }, Effort: { N: ['3'] }, M: { M: { X: {"
                                        + " BOOL: [true] } } } } } }"),
                        "7:5 view 'v': where is about the item, not about a stream record as"
                                + " Lambda filters are."
                                + " Write where: { Status: [open], Effort: [3], M: { X: [true] } }."
                                + " An attribute of that name is written '[\"dynamodb\"]'"),
                Arguments.of(
                        List.of("table: t", BY, N, TO, "where: { eventName: [INSERT] }"),
                        "7:5 view 'v': where is about the item, not about a stream record as"
                                + " Lambda filters are."
                                + " Leave eventName out: a view follows inserts, changes and"
                                + " removals."
                                + " An attribute of that name is written '[\"eventName\"]'"));
    }

    @ParameterizedTest
    @MethodSource("views")
    void ofViews(List<String> view, String mistakes) {
        assertThat(mistakesOf(view.toArray(new String[0]))).isEqualTo(mistakes);
    }

    static Stream<Arguments> measures() {
        String m = "measure 'M' of view 'v'";
        return Stream.of(
                Arguments.of(
                        "[]",
                        "5:15 view 'v': measures is a map of names, like { TaskCount: count }"),
                Arguments.of(
                        "{ M: cnt }",
                        "5:20 "
                                + m
                                + ": 'cnt' is no measure. These are: count, sum, avg, min, max,"
                                + " count-distinct"),
                Arguments.of(
                        "{ M: coun }",
                        "5:20 " + m + ": 'coun' is no measure. Did you mean 'count'?"),
                Arguments.of(
                        "{ M: average }",
                        "5:20 " + m + ": 'average' is no measure. Did you mean 'avg'?"),
                Arguments.of("{ M: sum }", "5:20 " + m + " needs an attribute: { sum: Effort }"),
                Arguments.of("{ M: 1 }", "5:20 " + m + " is count, or a map like { sum: Effort }"),
                Arguments.of(
                        "{ M: {} }",
                        "5:20 "
                                + m
                                + " says not what it is: one of count, sum, avg, min, max,"
                                + " count-distinct"),
                Arguments.of(
                        "{ M: { total: Effort } }",
                        "5:22 " + m + ": 'total' is no measure. Did you mean 'sum'?"),
                Arguments.of(
                        "{ M: { count_distinct: Url } }",
                        "5:22 "
                                + m
                                + ": 'count_distinct' is no measure. Did you mean"
                                + " 'count-distinct'?"),
                Arguments.of(
                        "{ M: { sum: A, avg: A } }",
                        "5:20 " + m + " is one of sum and avg. Make it two"),
                Arguments.of(
                        "{ M: { sum: A, wehre: { S: [open] } } }",
                        "5:30 " + m + ": 'wehre' is no measure. Did you mean 'where'?"),
                Arguments.of(
                        "{ M: { sum: 'A[x]' } }",
                        "5:27 "
                                + m
                                + ": cannot read the attribute path 'A[x]' at character 2: ["
                                + " needs a list index and ], or [\"name\"]"),
                Arguments.of(
                        "{ M: { sum: 3 } }",
                        "5:27 " + m + ": sum is text, not a number. Write '3' with quotes"),
                Arguments.of(
                        "{ M: { count: Due } }",
                        "5:29 "
                                + m
                                + ": count counts items. Write { count: items, where: { Due: [{"
                                + " exists: true }] } } to count those that have Due"),
                Arguments.of(
                        "{ M: { sum: A, type: S } }",
                        "5:30 " + m + ": only min and max have a type. Remove it"),
                Arguments.of(
                        "{ M: { min: A, type: text } }",
                        "5:36 " + m + ": type is N, S or B, as in DynamoDB, not 'text'"),
                Arguments.of(
                        "{ M: { sum: A, where: { S: [] } } }",
                        "5:39 "
                                + m
                                + ": where: an empty list matches nothing. List what may match,"
                                + " like [open]"),
                Arguments.of(
                        "{ _tally_x: count }",
                        "5:17 measure '_tally_x' of view 'v': names that begin with _tally are"
                                + " Tally's own"),
                Arguments.of(
                        "{ L: count }",
                        "5:17 view 'v': measure 'L' has the name of a key attribute of its rows."
                                + " Rename the measure"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("measures")
    void ofMeasures(String measures, String mistakes) {
        assertThat(mistakesOf("table: t", BY, "measures: " + measures, TO)).isEqualTo(mistakes);
    }

    static Stream<Arguments> targets() {
        return Stream.of(
                Arguments.of(
                        BY,
                        "{ table: a/b }",
                        "6:18 to of view 'v': table 'a/b' is not a table's name or ARN"),
                Arguments.of(
                        BY,
                        "{ table: counts, stream: s }",
                        "6:9 to of view 'v' names a table or a stream, like { table:"
                                + " todoTaskCount }"),
                Arguments.of(
                        BY,
                        "{ stream: s, key: { PK: '{L}' } }",
                        "6:22 to of view 'v': key is for rows of a table. Remove it"),
                Arguments.of(
                        BY,
                        "{ table: counts, write-capacity: -1 }",
                        "6:42 to of view 'v': write-capacity is a number above 0, like 100;"
                                + " leave it out for no limit"),
                Arguments.of(
                        BY,
                        "{ table: counts, empty-group: remove }",
                        "6:39 to of view 'v': empty-group is zero or delete, not 'remove'."),
                Arguments.of(
                        BY,
                        "{ table: counts, freshness: eagre }",
                        "6:37 to of view 'v': freshness is committed or eager, not 'eagre'. Did"
                                + " you mean 'eager'?"),
                Arguments.of(
                        BY,
                        "{ table: counts, existing-rows: keep }",
                        "6:41 to of view 'v': existing-rows is refuse or adopt, not 'keep'."),
                Arguments.of(
                        BY,
                        "{ table: counts, guard: N }",
                        "5:17 view 'v': measure 'N' has the name of the guard of its rows."
                                + " Rename the measure"),
                Arguments.of(
                        BY,
                        "{ table: counts, guard: L }",
                        "6:26 view 'v': the guard has the name of a key attribute of its rows."
                                + " Rename the guard"),
                // keys
                Arguments.of(
                        "group-by: []",
                        "{ table: counts }",
                        "6:11 to of view 'v' needs key: one group of all items has no value to"
                                + " be a key. Add key: { PK: 'ALL' }"),
                Arguments.of(
                        "group-by: [A, B, C]",
                        "{ table: counts }",
                        "6:11 to of view 'v' needs key: a table's key has at most two"
                                + " attributes, the view is grouped by [A, B, C]. Add key: { PK:"
                                + " '{A}', SK: '{B}#{C}' }"),
                Arguments.of(
                        "group-by: [A.X, B.X]",
                        "{ table: counts }",
                        "6:11 to of view 'v' needs key: the groups [A.X, B.X] do not name the"
                                + " attributes of a key. Add key: { PK: '{A.X}', SK: '{B.X}' }"),
                Arguments.of(
                        BY,
                        "{ table: counts, key: 'LIST#{L}' }",
                        "6:31 to of view 'v': key maps the table's one or two key attributes,"
                                + " like key: { PK: '{L}' }"),
                Arguments.of(
                        BY,
                        "{ table: counts, key: { PK: 'LIST#{M}' } }",
                        "6:31 to of view 'v': key leaves out [L], so that groups would share"
                                + " rows; 6:37 to of view 'v': {M} is not in group-by, which has"
                                + " [L]"),
                Arguments.of(
                        "group-by: [A, B]",
                        "{ table: counts, key: { PK: '{A}' } }",
                        "6:31 to of view 'v': key leaves out [B], so that groups would share rows"),
                Arguments.of(
                        "group-by: [A, B]",
                        "{ table: counts, key: { PK: '{A}{B}' } }",
                        "6:37 to of view 'v': cannot read the key template '{A}{B}': nothing"
                                + " separates two places, so that different groups could get one"
                                + " key. Put a separator such as # between them"),
                Arguments.of(
                        BY,
                        "{ table: counts, key: { PK: '{L}', SK: 0 } }",
                        "6:48 to of view 'v': key SK is text, not a number. Write '0' with quotes"),
                Arguments.of(
                        BY,
                        "{ table: counts, key: { N: '{L}' } }",
                        "5:17 view 'v': measure 'N' has the name of a key attribute of its rows."
                                + " Rename the measure"),
                Arguments.of(
                        BY,
                        "{ table: tasks }",
                        "6:9 view 'v' writes to the table that it reads, so that its rows would"
                                + " feed it. Add where: { _tally_v: [{ exists: false }] }, or"
                                + " write to another table"));
    }

    @Test
    void aTargetWhoseRegionIsNotNamedMayBeTheSource() {
        String view = "v: { table: t, group-by: [L], measures: { N: count }, to: ";
        String source = "tables: { t: { name: tasks, region: eu-west-1 } }";

        assertThat(
                        ViewsFileMistakesTest.mistakesOf(
                                        source, "views: { " + view + "{ table: tasks } } }")
                                .mistakes())
                .containsExactly(
                        "2:68 view 'v' writes to the table that it reads, so that its rows would"
                                + " feed it. Add where: { _tally_v: [{ exists: false }] }, or write"
                                + " to another table; if it is another one, name both regions");
        assertThat(
                        ViewsFileMistakesTest.mistakesOf(
                                source,
                                "views: { " + view + "{ table: tasks, region: eu-west-2 } } }"))
                .isNull();
    }

    @ParameterizedTest(name = "{0} to {1}")
    @MethodSource("targets")
    void ofTargets(String groupBy, String to, String mistakes) {
        assertThat(mistakesOf("table: t", groupBy, N, "to: " + to)).isEqualTo(mistakes);
    }

    @Test
    void viewsOnOneTargetMustNotShareAttributes() {
        assertThat(
                        mistakesOf(
                                "table: t",
                                BY,
                                N,
                                "to: { table: counts, guard: g }",
                                "w: { table: t, group-by: [L], measures: { N: count }, to: {"
                                        + " table: counts, guard: g } }"))
                .isEqualTo(
                        "7:45 view 'w': the measure 'N' belongs to view 'v' already, in the same"
                                + " table. Rename one of the two;"
                                + " 7:78 view 'w': the guard 'g' belongs to view 'v' already, in"
                                + " the same table. Rename one of the two");
    }

    private static String mistakesOf(String... view) {
        List<String> lines = new ArrayList<>(List.of("views:", "  v:"));
        for (String line : view) {
            lines.add((line.startsWith("w:") ? "  " : "    ") + line);
        }
        lines.add("tables: { t: { name: tasks } }");
        ViewsFileException e = ViewsFileMistakesTest.mistakesOf(lines.toArray(new String[0]));
        return String.join("; ", e.mistakes());
    }
}
