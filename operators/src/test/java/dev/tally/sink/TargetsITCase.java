package dev.tally.sink;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.KeySchema;
import dev.tally.item.Value.Type;
import dev.tally.testing.HoldingProxy;
import dev.tally.testing.HoldingProxy.Fate;
import dev.tally.testing.LocalDynamoDb;
import dev.tally.view.MeasureSpec;
import dev.tally.view.Target.EmptyGroup;
import dev.tally.view.Target.ExistingRows;
import dev.tally.view.ViewSpec;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class TargetsITCase {

    private final String missing = "missing-" + UUID.randomUUID();

    @Test
    void tellsTheKeysOfTargetsThatFit() {
        SinkTable table = new SinkTable();

        Targets targets = look(SinkViews.view(table.name()), false);

        assertThat(targets.problems()).isEmpty();
        assertThat(targets.created()).isEmpty();
        assertThat(targets.keys()).containsEntry(SinkViews.NAME, SinkViews.KEY);
    }

    @Test
    void namesAMissingTableAndTheKeyItNeeds() {
        Targets targets = look(SinkViews.view(missing), false);

        assertThat(targets.problems())
                .containsExactly(
                        "cannot write view task-count to table "
                                + missing
                                + ": there is no such table. Create it with the key [ListId (S)],"
                                + " or start with --create-tables.");
        assertThat(targets.keys()).isEmpty();
    }

    @Test
    void createsAMissingTableIfAllowed() {
        ViewSpec view = SinkViews.view(missing);

        assertThat(look(view, true).created()).containsExactly(missing);
        assertThat(look(view, true).created()).isEmpty();
        assertThat(look(view, false).keys()).containsEntry(SinkViews.NAME, SinkViews.KEY);
    }

    @Test
    void namesAKeyThatDoesNotFit() {
        SinkTable table = new SinkTable(KeySchema.of(new KeySchema.Attribute("PK", Type.S)));

        Targets targets = look(SinkViews.view(table.name()), true);

        assertThat(targets.problems()).hasSize(1);
        assertThat(targets.problems().get(0))
                .contains("the table's key is [PK (S)]")
                .contains("Map one to the other with key");
    }

    @Test
    void namesAMeasureThatHasTheNameOfTheKey() {
        SinkTable table = new SinkTable(KeySchema.of(new KeySchema.Attribute("ListId", Type.S)));
        ViewSpec view = SinkViews.view(table.name());
        ViewSpec clash =
                new ViewSpec(
                        view.name(),
                        view.table(),
                        null,
                        view.groupBy(),
                        List.of(new MeasureSpec("ListId", MeasureSpec.Kind.COUNT, null, null)),
                        view.to(),
                        view.removedView());

        assertThat(look(clash, false).problems().get(0))
                .endsWith(
                        "its key attribute ListId (S) has the name of a measure. Rename the"
                                + " latter.");
    }

    @Test
    void namesAMissingPermissionBeforeTheJobStartsAndChangesNothing() {
        SinkTable table = new SinkTable();
        ViewSpec view = SinkViews.view(table.name(), 0, EmptyGroup.DELETE, ExistingRows.REFUSE);
        for (String operation : List.of("UpdateItem", "Scan", "GetItem", "DeleteItem")) {
            try (HoldingProxy proxy = new HoldingProxy(LocalDynamoDb.shared().endpoint())) {
                proxy.next(1, operation, "", Fate.DENY);
                TargetSettings settings = SinkTable.settings(proxy.endpoint());

                Targets targets = Targets.look(List.of(view), to -> settings, false);

                assertThat(targets.problems()).as(operation).hasSize(1);
                assertThat(targets.problems().get(0))
                        .contains("table " + table.name() + ": permission is denied");
            }
        }
        assertThat(look(view, false).problems()).isEmpty();
        assertThat(table.get("tally-probe").attributes()).isEmpty();
    }

    @Test
    void seesToTheStatusTable() {
        assertThatThrownBy(() -> Targets.status(missing, SinkTable.settings(), false))
                .isInstanceOf(TargetException.class)
                .hasMessageContaining("Create it with the key [View (S)]");

        assertThat(Targets.status(missing, SinkTable.settings(), true)).isTrue();
        assertThat(Targets.status(missing, SinkTable.settings(), false)).isFalse();

        SinkTable other = new SinkTable();
        assertThatThrownBy(() -> Targets.status(other.name(), SinkTable.settings(), true))
                .hasMessageContaining("its key is [ListId (S)], it must be [View (S)]");
    }

    private static Targets look(ViewSpec view, boolean create) {
        return Targets.look(List.of(view), to -> SinkTable.settings(), create);
    }
}
