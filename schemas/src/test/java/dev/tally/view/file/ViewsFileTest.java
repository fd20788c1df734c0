package dev.tally.view.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.AttributePath;
import dev.tally.item.Value.Type;
import dev.tally.view.FeedSpec;
import dev.tally.view.Filter;
import dev.tally.view.MeasureSpec;
import dev.tally.view.MeasureSpec.Kind;
import dev.tally.view.TableSpec;
import dev.tally.view.Target;
import dev.tally.view.ViewSpec;
import dev.tally.view.Views;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a right views.yaml means. */
class ViewsFileTest {

    @Test
    void readsTablesViewsAndFeeds() throws Exception {
        Views views =
                parse(
                        "tables:",
                        "  tasks: { name: todoListTask }",
                        "views:",
                        "  task-count:",
                        "    table: tasks",
                        "    group-by: [ListId]",
                        "    measures:",
                        "      TaskCount: count",
                        "      OpenTasks: { count: items, where: { Status: [open] } }",
                        "      Effort: { sum: Effort }",
                        "    to: { table: todoTaskCount }",
                        "feeds:",
                        "  task-changes: { table: tasks, to: { stream: task-changes } }");

        TableSpec table = views.tables().get(0);
        assertThat(table.logicalName()).isEqualTo("tasks");
        assertThat(table.tableName()).isEqualTo("todoListTask");
        ViewSpec view = views.views().get(0);
        assertThat(view.name()).isEqualTo("task-count");
        assertThat(view.table()).isEqualTo("tasks");
        assertThat(view.groupBy().get(0).path()).isEqualTo(AttributePath.ofName("ListId"));
        assertThat(view.measures())
                .extracting(MeasureSpec::name)
                .containsExactly("TaskCount", "OpenTasks", "Effort");
        assertThat(view.measures())
                .extracting(MeasureSpec::kind)
                .containsExactly(Kind.COUNT, Kind.COUNT, Kind.SUM);
        assertThat(view.measures().get(1).where())
                .isEqualTo(Filter.of(Map.of("Status", List.of("open"))));
        assertThat(view.measures().get(2).path()).isEqualTo(AttributePath.ofName("Effort"));
        assertThat(view.to().table()).isEqualTo("todoTaskCount");
        FeedSpec feed = views.feeds().get(0);
        assertThat(feed.name()).isEqualTo("task-changes");
        assertThat(feed.stream()).isEqualTo("task-changes");
    }

    @Test
    void whatIsLeftOutHasItsDefault() throws Exception {
        Views views =
                parse(
                        "tables: { tasks: { name: todoListTask } }",
                        "views:",
                        "  v:",
                        "    table: tasks",
                        "    group-by: [ListId]",
                        "    measures: { TaskCount: count }",
                        "    to: { table: todoTaskCount }",
                        "feeds: { f: { table: tasks, to: { stream: changes } } }");

        TableSpec table = views.tables().get(0);
        assertThat(table.region()).isNull();
        assertThat(table.roleArn()).isNull();
        assertThat(table.start()).isEqualTo(TableSpec.Start.SNAPSHOT);
        assertThat(table.onGap()).isEqualTo(TableSpec.OnGap.RESNAPSHOT);
        assertThat(table.reader()).isEqualTo(TableSpec.Reader.TALLY);
        assertThat(table.scanReadCapacity()).isZero();
        ViewSpec view = views.views().get(0);
        assertThat(view.where()).isNull();
        assertThat(view.removedView()).isEqualTo(ViewSpec.RemovedView.FAIL);
        Target to = view.to();
        assertThat(to.stream()).isNull();
        assertThat(to.key()).isNull();
        assertThat(to.writeCapacity()).isZero();
        assertThat(to.guard()).isEqualTo("_tally_v");
        assertThat(to.emptyGroup()).isEqualTo(Target.EmptyGroup.ZERO);
        assertThat(to.freshness()).isEqualTo(Target.Freshness.COMMITTED);
        assertThat(to.existingRows()).isEqualTo(Target.ExistingRows.REFUSE);
        FeedSpec feed = views.feeds().get(0);
        assertThat(feed.where()).isNull();
        assertThat(feed.format()).isEqualTo(FeedSpec.Format.DYNAMODB_JSON);
        assertThat(feed.includeSnapshot()).isFalse();
    }

    @Test
    void readsEveryOptionOfATable() throws Exception {
        List<TableSpec> tables =
                parse(
                                "tables:",
                                "  a:",
                                "    arn: arn:aws:dynamodb:eu-west-1:123456789012:table/orders",
                                "    role-arn: arn:aws:iam::123456789012:role/reader",
                                "    on-gap: fail",
                                "    scan.read-capacity: 100",
                                "  b: { name: lines, region: us-gov-west-1, start: latest }",
                                "  c: { name: visits, scan: { read-capacity: 2.5 } }",
                                "  d: { name: clicks, reader: apache }",
                                "feeds: { f: { table: a, to: { stream: changes } } }")
                        .tables();

        assertThat(tables.get(0).tableName())
                .isEqualTo("arn:aws:dynamodb:eu-west-1:123456789012:table/orders");
        assertThat(tables.get(0).region()).isEqualTo("eu-west-1");
        assertThat(tables.get(0).roleArn()).isEqualTo("arn:aws:iam::123456789012:role/reader");
        assertThat(tables.get(0).onGap()).isEqualTo(TableSpec.OnGap.FAIL);
        assertThat(tables.get(0).scanReadCapacity()).isEqualTo(100);
        assertThat(tables.get(1).region()).isEqualTo("us-gov-west-1");
        assertThat(tables.get(1).start()).isEqualTo(TableSpec.Start.LATEST);
        assertThat(tables.get(1).onGap()).isEqualTo(TableSpec.OnGap.FAIL);
        assertThat(tables.get(2).scanReadCapacity()).isEqualTo(2.5);
        assertThat(tables.get(3).reader()).isEqualTo(TableSpec.Reader.APACHE);
        assertThat(tables.get(3).start()).isEqualTo(TableSpec.Start.TRIM_HORIZON);
    }

    @Test
    void readsEveryOptionOfAView() throws Exception {
        ViewSpec view =
                parse(
                                "tables: { tasks: { name: todoListTask } }",
                                "views:",
                                "  by-tag:",
                                "    table: tasks",
                                "    where: { Status: [open, { prefix: wait }] }",
                                "    group-by: [Address.City, { each: Tags },",
                                "        { attribute: '[\"a.b\"]', missing: '(none)' }]",
                                "    measures:",
                                "      First: { min: Due, type: S, where: { Due: [{ exists: true"
                                        + " }] } }",
                                "      Last: { max: 'Lines[0].At' }",
                                "      Mean: { avg: Effort }",
                                "      Titles: { count-distinct: Title }",
                                "    to:",
                                "      table: shared",
                                "      key: { PK: 'CITY#{Address.City}', SK:"
                                        + " '{Tags}#{[\"a.b\"]}' }",
                                "      region: eu-west-1",
                                "      role-arn: arn:aws:iam::123456789012:role/writer",
                                "      write-capacity: 50",
                                "      guard: g",
                                "      empty-group: delete",
                                "      freshness: eager",
                                "      existing-rows: adopt",
                                "    removed-view: delete-rows")
                        .views()
                        .get(0);

        assertThat(view.where())
                .isEqualTo(Filter.parse("{\"Status\":[\"open\",{\"prefix\":\"wait\"}]}"));
        assertThat(view.groupBy()).extracting(g -> g.each()).containsExactly(false, true, false);
        assertThat(view.groupBy())
                .extracting(g -> g.missing())
                .containsExactly(null, null, "(none)");
        assertThat(view.measures())
                .extracting(MeasureSpec::kind)
                .containsExactly(Kind.MIN, Kind.MAX, Kind.AVG, Kind.COUNT_DISTINCT);
        assertThat(view.measures())
                .extracting(MeasureSpec::type)
                .containsExactly(Type.S, Type.N, Type.N, Type.N);
        assertThat(view.measures().get(1).path()).isEqualTo(AttributePath.parse("Lines[0].At"));
        Target to = view.to();
        assertThat(to.key())
                .containsExactly(
                        Map.entry("PK", "CITY#{Address.City}"),
                        Map.entry("SK", "{Tags}#{[\"a.b\"]}"));
        assertThat(to.region()).isEqualTo("eu-west-1");
        assertThat(to.roleArn()).isEqualTo("arn:aws:iam::123456789012:role/writer");
        assertThat(to.writeCapacity()).isEqualTo(50);
        assertThat(to.guard()).isEqualTo("g");
        assertThat(to.emptyGroup()).isEqualTo(Target.EmptyGroup.DELETE);
        assertThat(to.freshness()).isEqualTo(Target.Freshness.EAGER);
        assertThat(to.existingRows()).isEqualTo(Target.ExistingRows.ADOPT);
        assertThat(view.removedView()).isEqualTo(ViewSpec.RemovedView.DELETE_ROWS);
    }

    @Test
    void readsEveryOptionOfAFeed() throws Exception {
        FeedSpec feed =
                parse(
                                "tables: { tasks: { name: todoListTask } }",
                                "feeds:",
                                "  f:",
                                "    table: tasks",
                                "    where: { Status: [open] }",
                                "    format: json",
                                "    include-snapshot: true",
                                "    to:",
                                "      stream: changes",
                                "      region: eu-west-1",
                                "      role-arn: arn:aws:iam::123456789012:role/writer")
                        .feeds()
                        .get(0);

        assertThat(feed.where()).isEqualTo(Filter.of(Map.of("Status", List.of("open"))));
        assertThat(feed.format()).isEqualTo(FeedSpec.Format.JSON);
        assertThat(feed.includeSnapshot()).isTrue();
        assertThat(feed.region()).isEqualTo("eu-west-1");
        assertThat(feed.roleArn()).isEqualTo("arn:aws:iam::123456789012:role/writer");
    }

    @Test
    void rowsMayGoToAStreamWithAnyGroups() throws Exception {
        ViewSpec view = viewOf("group-by: [A, B, C]", "to: { stream: rows }");

        assertThat(view.to().stream()).isEqualTo("rows");
        assertThat(view.to().table()).isNull();
        assertThat(viewOf("group-by: []", "to: { stream: rows }").groupBy()).isEmpty();
    }

    @Test
    void whatLooksLikeTextIsText() throws Exception {
        ViewSpec view =
                viewOf(
                        "group-by: [A]",
                        "to: { table: todoTaskCount }",
                        "where: { A: [NO, on, 012, 12, 0x10, 1.5e3, true, ~, '7', !!str 8, y] }");

        assertThat(view.where())
                .isEqualTo(
                        Filter.parse(
                                "{\"A\":[\"NO\",\"on\",\"012\",12,16,1.5E+3,true,null,\"7\",\"8\","
                                        + "\"y\"]}"));
    }

    @Test
    void aByteOrderMarkIsNoMistake() throws Exception {
        String[] file = {
            "\uFEFFtables: { t: { name: tasks } }", "feeds: { f: { table: t, to: { stream: s } } }"
        };

        assertThat(parse(file).feeds()).hasSize(1);
    }

    @Test
    void numbersInPatternsAreExact() throws Exception {
        ViewSpec view =
                viewOf(
                        "group-by: [A]",
                        "to: { table: todoTaskCount }",
                        "where: { A: [12345678901234567890123456789012345678, 0.10] }");

        assertThat(view.where())
                .hasToString("{\"A\":[12345678901234567890123456789012345678,0.10]}");
    }

    @Test
    void variablesAreReplaced() throws Exception {
        ViewSpec view =
                viewOf(
                        "group-by:",
                        "  - ${A}",
                        "to: { table: '${STAGE}-counts', write-capacity: '${WCU}' }",
                        "where: { A: ['$${STAGE}', '${STAGE}-${STAGE}', '${NO}', '${WCU}'] }");

        assertThat(view.groupBy().get(0).path()).isEqualTo(AttributePath.ofName("value of A"));
        assertThat(view.to().table()).isEqualTo("prod-counts");
        assertThat(view.to().writeCapacity()).isEqualTo(40);
        assertThat(view.where())
                .hasToString("{\"A\":[\"${STAGE}\",\"prod-prod\",\"value of NO\",\"40\"]}");
    }

    @Test
    void viewsOnOneTargetMayShareRows() throws Exception {
        Views views =
                parse(
                        "tables: { tasks: { name: todoListTask } }",
                        "views:",
                        "  a: { table: tasks, group-by: [L], measures: { N: count }, to: &t"
                                + " { table: counts } }",
                        "  b: { table: tasks, group-by: [L], measures: { M: count }, to: *t }");

        assertThat(views.views())
                .extracting(v -> v.to().guard())
                .containsExactly("_tally_a", "_tally_b");
    }

    @Test
    void aRowThatCannotMatchMayLiveInItsSource() throws Exception {
        for (String where :
                List.of(
                        "{ _tally_v: [{ exists: false }] }",
                        "{ Type: [task] }",
                        "{ SK: [{ prefix: 'TASK#' }] }",
                        "{ SK: [{ anything-but: COUNT }] }",
                        "{ PK: [{ prefix: 'TASK#' }, 'X'], A: [{ exists: false }] }")) {
            ViewSpec view =
                    viewOf(
                            "group-by: [A]",
                            "to: { table: todoListTask, key: { PK: 'LIST#{A}', SK: COUNT } }",
                            "where: " + where);

            assertThat(view.where()).as(where).isNotNull();
        }
    }

    @Test
    void aRowThatMightMatchMayNot() {
        for (String where :
                List.of(
                        "{ A: [{ exists: false }] }",
                        "{ N: [{ exists: true }] }",
                        "{ PK: [{ prefix: LIS }] }",
                        "{ PK: [{ suffix: x }] }",
                        "{ SK: [{ prefix: C }] }",
                        "{ Type: [{ exists: false }, task] }",
                        "{ $or: [{ Type: [task] }, { SK: [COUNT] }] }")) {
            assertThatThrownBy(
                            () ->
                                    viewOf(
                                            "group-by: [A]",
                                            "to: { table: todoListTask,"
                                                    + " key: { PK: 'LIST#{A}', SK: COUNT } }",
                                            "where: " + where))
                    .as(where)
                    .hasMessage(
                            "cannot use views.yaml: 1 mistake\n"
                                    + "  7:9 view 'v' writes to the table that it reads, so that"
                                    + " its rows would feed it. Add where: { _tally_v: [{ exists:"
                                    + " false }] }, or write to another table");
        }
    }

    private static ViewSpec viewOf(String... lines) throws ViewsFileException {
        StringBuilder text = new StringBuilder();
        text.append("tables: { tasks: { name: todoListTask } }\n");
        text.append("views:\n  v:\n    table: tasks\n    measures: { N: count }\n");
        for (String line : lines) {
            text.append("    ").append(line).append('\n');
        }
        return parse(text.toString()).views().get(0);
    }

    /** What a right file says; it is held against the schema for editors too. */
    static Views parse(String... lines) throws ViewsFileException {
        Map<String, String> set = Map.of("STAGE", "prod", "WCU", "40");
        UnaryOperator<String> variables =
                name ->
                        name.startsWith("UNSET")
                                ? null
                                : set.getOrDefault(name, "value of " + name);
        String text = String.join("\n", lines);
        Views views = ViewsFile.parse("views.yaml", text, variables);
        assertThat(ViewsSchemaTest.validate(text, variables)).isEmpty();
        return views;
    }
}
