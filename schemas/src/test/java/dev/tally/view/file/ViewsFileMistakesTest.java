package dev.tally.view.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a wrong views.yaml is told: where, what is wrong, what would be right. */
class ViewsFileMistakesTest {

    @Test
    void allMistakesAreToldAtOnce() {
        ViewsFileException e =
                mistakesOf(
                        "tables:",
                        "  tasks: { nam: todoListTask }",
                        "views:",
                        "  task-count:",
                        "    table: task",
                        "    group-by: ListId",
                        "    measures:",
                        "      TaskCount: cuont",
                        "    to: { tabel: todoTaskCount }",
                        "feds: {}");

        assertThat(e)
                .hasMessage(
                        "cannot use views.yaml: 8 mistakes\n"
                                + "  2:10 table 'tasks' needs name, like name: todoListTask\n"
                                + "  2:12 unknown key 'nam' in table 'tasks'. Did you mean"
                                + " 'name'?\n"
                                + "  5:12 view 'task-count': tables has no 'task'. Did you mean"
                                + " 'tasks'?\n"
                                + "  6:15 view 'task-count': group-by is a list. Write group-by:"
                                + " [ListId]\n"
                                + "  8:18 measure 'TaskCount' of view 'task-count': 'cuont' is no"
                                + " measure. Did you mean 'count'?\n"
                                + "  9:9 to of view 'task-count' names a table or a stream, like"
                                + " { table: todoTaskCount }\n"
                                + "  9:11 unknown key 'tabel' in to of view 'task-count'. Did"
                                + " you mean"
                                + " 'table'?\n"
                                + "  10:1 unknown key 'feds' in the file. Did you mean 'feeds'?");
        assertThat(e.mistakes()).hasSize(8);
    }

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("", "1:1 the file is empty. It needs tables, and views or feeds"),
                Arguments.of(
                        "- a",
                        "1:1 the file is a map with the keys tables, views, feeds, not a list"),
                Arguments.of(
                        "tables: { t: { name: tasks } }",
                        "1:1 the file has neither views nor feeds, so there is nothing to do"),
                Arguments.of(
                        "tables: {a: b: c}",
                        "1:14 this is no YAML: expected ',' or '}', but got :. Look at indents"
                                + " and colons, and for ${…} without quotes in { }"),
                Arguments.of(
                        FEED + "\n---\na: b",
                        "4:1 a second document begins. A views.yaml is one, without ---"),
                Arguments.of(
                        FEED + "\nfeeds: { g: { table: t, to: { stream: s } } }",
                        "3:1 the key 'feeds' is here already, in line 2. Remove one of the two"),
                Arguments.of(FEED + "\n? [a]\n: b", "3:3 a key is text, not a list"),
                Arguments.of(
                        FEED.replace("stream: s", "stream: '${UNSET}'"),
                        "2:39 the variable UNSET is not set. Set it in the environment or the"
                                + " properties, or write $${UNSET} for the text itself"),
                Arguments.of(
                        FEED.replace("stream: s", "stream: 'a${-}'"),
                        "2:39 '${' begins no variable. Write ${NAME}"),
                Arguments.of(
                        FEED.replace("stream: s", "stream: !x s"),
                        "2:39 the tag !x is not read. Leave it out"),
                Arguments.of(
                        FEED.replace("f:", "1f:"),
                        "2:10 feed '1f': a name begins with a letter and has at most 63 letters,"
                                + " digits, '-' and '_'"),
                Arguments.of(
                        FEED.replace("{ f:", "[ f:").replace("} } }", "} } ]"),
                        "2:8 feeds is a map of names, not a list"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void ofTheFile(String file, String mistakes) {
        assertThat(String.join("; ", mistakesOf(file).mistakes())).isEqualTo(mistakes);
    }

    static Stream<Arguments> tables() {
        return Stream.of(
                Arguments.of(
                        "",
                        "1:13 table 't' is a map with the keys name, arn, region, role-arn,"
                                + " start, on-gap, scan, scan.read-capacity, reader, not nothing"),
                Arguments.of("{}", "1:14 table 't' needs name, like name: todoListTask"),
                Arguments.of(
                        "{ name: 123 }",
                        "1:22 table 't': name is text, not a number. Write '123' with quotes"),
                Arguments.of("{ name: '' }", "1:22 table 't': name is text, not empty"),
                Arguments.of("{ name: [a] }", "1:22 table 't': name is text, not a list"),
                Arguments.of(
                        "{ name: a b c }",
                        "1:22 table 't': name 'a b c' is no table's name: 3 to 255 of letters,"
                                + " digits, '_', '-', '.'"),
                Arguments.of(
                        "{ name: arn:aws:dynamodb }",
                        "1:16 table 't': an ARN is no name. Write arn: arn:aws:dynamodb"),
                Arguments.of(
                        "{ arn: tasks }",
                        "1:21 table 't': arn 'tasks' is not a table's ARN like"
                                + " arn:aws:dynamodb:eu-central-1:123456789012:table/todoListTask"),
                Arguments.of(
                        "{ arn: " + ARN + ", name: tasks }",
                        "1:84 table 't': it has a name and an arn. Remove one of the two"),
                Arguments.of(
                        "{ arn: " + ARN + ", region: us-east-1 }",
                        "1:92 table 't': region is us-east-1, the arn is in eu-central-1. Remove"
                                + " it"),
                Arguments.of(
                        "{ name: tasks, region: Frankfurt }",
                        "1:37 table 't': region 'Frankfurt' is not a region like eu-central-1"),
                Arguments.of(
                        "{ name: tasks, role-arn: me }",
                        "1:39 table 't': role-arn 'me' is not a role's ARN like"
                                + " arn:aws:iam::123456789012:role/tally"),
                Arguments.of(
                        "{ name: tasks, start: newest }",
                        "1:36 table 't': start is snapshot or trim-horizon or latest, not"
                                + " 'newest'."),
                Arguments.of(
                        "{ name: tasks, start: lastest }",
                        "1:36 table 't': start is snapshot or trim-horizon or latest, not"
                                + " 'lastest'. Did you mean 'latest'?"),
                Arguments.of(
                        "{ name: tasks, start: latest, on-gap: resnapshot }",
                        "1:52 table 't': on-gap: resnapshot needs start: snapshot; without a"
                                + " scan it is on-gap: fail"),
                Arguments.of(
                        "{ name: tasks, reader: apache, start: snapshot }",
                        "1:52 table 't': reader: apache reads the stream only. Write start:"
                                + " trim-horizon or latest"),
                Arguments.of(
                        "{ name: tasks, scan: { read-capacity: fast } }",
                        "1:52 table 't' scan: read-capacity is a number above 0, like 100; leave"
                                + " it out for no limit"),
                Arguments.of(
                        "{ name: tasks, scan.read-capacity: 0 }",
                        "1:49 table 't': scan.read-capacity is a number above 0, like 100; leave"
                                + " it out for no limit"),
                Arguments.of(
                        "{ name: tasks, scan: { read_capacity: 5 } }",
                        "1:37 unknown key 'read_capacity' in table 't' scan. Did you mean"
                                + " 'read-capacity'?"),
                Arguments.of(
                        "{ name: tasks, scan: { read-capacity: 5 }, scan.read-capacity: 5 }",
                        "1:57 table 't': it has scan too. Remove one of the two"),
                Arguments.of(
                        "{ name: tasks, segments: 4 }",
                        "1:29 unknown key 'segments' in table 't'. It has name, arn, region,"
                                + " role-arn, start, on-gap, scan, scan.read-capacity, reader"),
                Arguments.of(
                        "{ name: tasks }, u: { name: tasks }",
                        "1:31 table 'u' is table 't' again. Let its views name 't', so that it"
                                + " is read once"));
    }

    @ParameterizedTest
    @MethodSource("tables")
    void ofTables(String table, String mistakes) {
        ViewsFileException e =
                mistakesOf(
                        "tables: { t: " + table + " }",
                        "feeds: { f: { table: t, to: { stream: s } } }");

        assertThat(String.join("; ", e.mistakes())).isEqualTo(mistakes);
    }

    static Stream<Arguments> feeds() {
        return Stream.of(
                Arguments.of(
                        "{ to: { stream: s } }", "2:13 feed 'f' needs table, like table: tasks"),
                Arguments.of(
                        "{ table: t }",
                        "2:13 feed 'f' needs to, like to: { stream: task-changes }"),
                Arguments.of(
                        "{ table: t, to: { table: s } }",
                        "2:29 to of feed 'f' needs stream, like stream: task-changes; 2:31"
                                + " unknown key 'table' in to of feed 'f'. It has stream,"
                                + " region, role-arn"),
                Arguments.of(
                        "{ table: s, to: { stream: s } }",
                        "2:22 feed 'f': tables has no 's'. Did you mean 't'?"),
                Arguments.of(
                        "{ table: tasks, to: { stream: s } }",
                        "2:22 feed 'f': tables has no 'tasks'. Did you mean 't', its name in"
                                + " this file?"),
                Arguments.of(
                        "{ table: t, to: { stream: s }, format: xml }",
                        "2:52 feed 'f': format is dynamodb-json or json, not 'xml'."),
                Arguments.of(
                        "{ table: t, to: { stream: s }, include-snapshot: maybe }",
                        "2:62 feed 'f': include-snapshot is true or false"),
                Arguments.of(
                        "{ table: t, to: { stream: s }, where: { A: b } }",
                        "2:53 feed 'f': where: a pattern lists what may match. Write A: [b]"));
    }

    @ParameterizedTest
    @MethodSource("feeds")
    void ofFeeds(String feed, String mistakes) {
        ViewsFileException e =
                mistakesOf("tables: { t: { name: tasks } }", "feeds: { f: " + feed + " }");

        assertThat(String.join("; ", e.mistakes())).isEqualTo(mistakes);
    }

    private static final String ARN =
            "arn:aws:dynamodb:eu-central-1:123456789012:table/todoListTask";

    private static final String FEED =
            "tables: { t: { name: tasks } }\nfeeds: { f: { table: t, to: { stream: s } } }";

    static ViewsFileException mistakesOf(String... lines) {
        return catchThrowableOfType(
                ViewsFileException.class,
                () -> ViewsFileTest.parse(List.of(lines).toArray(new String[0])));
    }
}
