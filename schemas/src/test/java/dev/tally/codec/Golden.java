package dev.tally.codec;

import dev.tally.change.DeadLetter;
import dev.tally.change.ItemChange;
import dev.tally.change.ItemDiff;
import dev.tally.change.ItemDiff.Kind;
import dev.tally.change.ItemVersion;
import dev.tally.item.Item;
import dev.tally.item.ItemKey;
import dev.tally.item.Value;
import dev.tally.item.Value.Type;
import dev.tally.view.Contribution;
import dev.tally.view.GroupKey;
import dev.tally.view.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The values behind the golden files: one of each type, in all its forms. A new version of a codec
 * adds files beside the old ones; these values never change.
 */
final class Golden {

    private static final ItemVersion VERSION =
            ItemVersion.of(2, "100000000000000000042000000000000000017");
    private static final ItemKey KEY = ItemKey.of(List.of(Value.text("home"), Value.number(-7)));
    private static final long GENERATION = 1_795_201_200_000L;
    private static final long TIME = 1_795_201_263_000L;

    /** All ten types, nested; numbers as longs, exact decimals and at the edges of the range. */
    private static final Value VALUE =
            Value.map(
                    Map.of(
                            "b", Value.binary(new byte[] {0, 127, -128, -1}),
                            "empty", Value.text(""),
                            "flags", Value.list(List.of(Value.TRUE, Value.FALSE, Value.NULL)),
                            "long", Value.number(Long.MIN_VALUE),
                            "more than a long", Value.number("9223372036854775808"),
                            "name.with.dots", Value.text("Grüße \u0000 \uD83D\uDE00"),
                            "numbers",
                                    Value.set(
                                            Type.NS,
                                            List.of(
                                                    Value.number("1E-130"),
                                                    Value.number("0.10"),
                                                    Value.number("-12345678901234567890.5"),
                                                    Value.number("9.99E+125"))),
                            "38 digits", Value.number("12345678901234567890123456789012345678"),
                            "texts", Value.textSet("b", "a", ""),
                            "bytes",
                                    Value.set(
                                            Type.BS,
                                            List.of(
                                                    Value.binary(new byte[] {1}),
                                                    Value.binary(new byte[0])))));

    private static final Item ITEM =
            Item.of(
                    Map.of(
                            "ListId", Value.text("home"),
                            "Position", Value.number(-7),
                            "All", VALUE));
    private static final Item SMALL = Item.of(Map.of("ListId", Value.text("home")));
    private static final GroupKey GROUP =
            GroupKey.of("task-count", List.of(Value.text("home"), Value.number("1.5")));

    private Golden() {}

    /** Name of the golden file to the values in it, written one after another. */
    static Map<String, Entry<?>> all() {
        Map<String, Entry<?>> all = new LinkedHashMap<>();
        all.put("Value", new Entry<>(Value.class, Value.CODEC, List.of(VALUE)));
        all.put("Item", new Entry<>(Item.class, Item.CODEC, List.of(ITEM, Item.EMPTY)));
        all.put("ItemKey", new Entry<>(ItemKey.class, ItemKey.CODEC, List.of(KEY)));
        all.put(
                "ItemVersion",
                new Entry<>(
                        ItemVersion.class,
                        ItemVersion.CODEC,
                        List.of(VERSION, ItemVersion.of(0, "0"))));
        all.put(
                "ItemChange",
                new Entry<>(ItemChange.class, ItemChange.CODEC, changes(), changesOfVersion2()));
        all.put("ItemDiff", new Entry<>(ItemDiff.class, ItemDiff.CODEC, diffs()));
        all.put("DeadLetter", new Entry<>(DeadLetter.class, DeadLetter.CODEC, letters()));
        all.put("GroupKey", new Entry<>(GroupKey.class, GroupKey.CODEC, groups()));
        all.put("Contribution", new Entry<>(Contribution.class, Contribution.CODEC, effects()));
        all.put("Row", new Entry<>(Row.class, Row.CODEC, rows()));
        return all;
    }

    private static List<ItemChange> changes() {
        return List.of(
                ItemChange.scanned(KEY, GENERATION, ITEM, TIME),
                ItemChange.streamed(KEY, GENERATION, VERSION, SMALL, ITEM, TIME, "e1", false),
                ItemChange.streamed(KEY, GENERATION, VERSION, SMALL, null, TIME, "e2", true),
                ItemChange.streamedNewOnly(KEY, 0, VERSION, ITEM, TIME, "e3", false));
    }

    private static List<ItemChange> changesOfVersion2() {
        return List.of(
                ItemChange.scanned(KEY, GENERATION, SMALL, TIME).withBase(GENERATION - 1),
                ItemChange.streamed(KEY, 0, VERSION, SMALL, ITEM, TIME, "e4", false)
                        .withBase(GENERATION)
                        .withProblem("cannot read attribute X"));
    }

    private static List<ItemDiff> diffs() {
        return List.of(
                new ItemDiff(Kind.INSERT, KEY, null, ITEM, VERSION, TIME, "e1", false),
                new ItemDiff(Kind.MODIFY, KEY, SMALL, ITEM, VERSION, TIME, "e2", false),
                new ItemDiff(Kind.REMOVE, KEY, ITEM, null, VERSION, TIME, "e3", true),
                new ItemDiff(Kind.READ, KEY, null, SMALL, null, TIME, "scan-1", false));
    }

    private static List<DeadLetter> letters() {
        return List.of(
                new DeadLetter("e1/task-count", "view task-count", "why", SMALL, "v", TIME, ITEM),
                new DeadLetter("e2", "feed task-changes", "why", SMALL, null, 0, null));
    }

    private static List<GroupKey> groups() {
        return List.of(GROUP, GroupKey.of("whole", List.of()));
    }

    private static List<Contribution> effects() {
        Value[] before = {Value.TRUE, null, Value.number(3)};
        Value[] after = {Value.TRUE, Value.text("x"), null};
        return List.of(
                new Contribution(GROUP, GENERATION, TIME, before, after),
                new Contribution(GROUP, GENERATION, TIME, null, after),
                new Contribution(GROUP, GENERATION, TIME, before, null),
                new Contribution(GROUP, 0, 0, null, null));
    }

    private static List<Row> rows() {
        Value[] measures = {Value.number(12), null, Value.number("0.5")};
        Value[] nothing = {Value.number(0), null, null};
        return List.of(
                new Row(GROUP, measures, false, 42, 0, TIME),
                new Row(GROUP, nothing, true, 43, 7, 0));
    }

    /** Values of one type, and how they become bytes. */
    static final class Entry<T> {

        private final Class<T> type;
        private final Codec<T> codec;
        private final List<T> values;
        private final List<T> addedInVersion2;

        Entry(Class<T> type, Codec<T> codec, List<T> values) {
            this(type, codec, values, List.of());
        }

        /**
         * @param addedInVersion2 values that version 1 could not hold
         */
        Entry(Class<T> type, Codec<T> codec, List<T> values, List<T> addedInVersion2) {
            this.type = type;
            this.codec = codec;
            this.values = values;
            this.addedInVersion2 = addedInVersion2;
        }

        Class<T> type() {
            return type;
        }

        Codec<T> codec() {
            return codec;
        }

        /** All, as the newest version holds them. */
        List<T> values() {
            return values(codec.version());
        }

        /** Those in the file of a version. */
        List<T> values(int version) {
            List<T> all = new ArrayList<>(values);
            if (version >= 2) {
                all.addAll(addedInVersion2);
            }
            return all;
        }
    }
}
