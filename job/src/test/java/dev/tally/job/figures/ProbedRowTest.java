package dev.tally.job.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.view.Membership;
import dev.tally.view.ViewSpec;
import dev.tally.view.file.ViewsFile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Of which views the rows can show the probe's changes, so that latency is measured on them. */
class ProbedRowTest {

    private static final KeySchema BY_LIST =
            KeySchema.of(new KeySchema.Attribute("ListId", Value.Type.S));

    @Test
    void sumsOfEffortByListShowEachChange() throws Exception {
        assertThat(canShow("group-by: [ListId]", "{ Effort: { sum: Effort } }")).isTrue();
    }

    @Test
    void countsDoNotChangeWithTheEffort() throws Exception {
        assertThat(canShow("group-by: [ListId]", "{ Tasks: count }")).isFalse();
    }

    @Test
    void aGroupWithItemsOfOthersChangesByItself() throws Exception {
        assertThat(
                        canShow(
                                "group-by: [{ attribute: Due, missing: none }]",
                                "{ E: { sum: Effort } }"))
                .isFalse();
    }

    @Test
    void anItemThatIsFilteredOutShowsNothing() throws Exception {
        assertThat(
                        canShow(
                                "where: { Status: [done] }, group-by: [ListId]",
                                "{ E: { sum: Effort } }"))
                .isFalse();
    }

    private static boolean canShow(String groups, String measures) throws Exception {
        String key = groups.contains("Due") ? "{ ListId: '{Due}' }" : "{ ListId: '{ListId}' }";
        String file =
                "tables: { tasks: { name: todoListTask } }\n"
                        + "views:\n  v: { table: tasks, "
                        + groups
                        + ", measures: "
                        + measures
                        + ", to: { table: rows, key: "
                        + key
                        + " } }\n";
        ViewSpec view =
                ViewsFile.parse("views.yaml", file, Map.<String, String>of()::get).views().get(0);
        return ProbedRow.canShow(new Membership(view, BY_LIST));
    }
}
