package dev.tally.diff;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.flink.configuration.Configuration;
import org.junit.jupiter.api.Test;

class WriteBuffersTest {

    private static final double SHIPPED_RATIO = 0.7;

    private static WriteBuffers shipped(int slotMegabytes) {
        return new WriteBuffers((long) slotMegabytes << 20, SHIPPED_RATIO, 16 << 20);
    }

    /** W1 of the bench, with one table: 12 times as long with 8 MB, 1.8 times with 12 MB. */
    @Test
    void sizesMeasured() {
        assertThat(shipped(8).tooSmallFor(1)).isTrue();
        assertThat(shipped(12).tooSmallFor(1)).isFalse();
        assertThat(shipped(12).tightFor(1)).isTrue();
        assertThat(shipped(16).tightFor(1)).isFalse();
    }

    /** 17 times as long with 32 MB for buffers of 64 MB, 1.3 times with 48 MB. */
    @Test
    void sizesMeasuredWithLargerBuffers() {
        assertThat(new WriteBuffers(32 << 20, SHIPPED_RATIO, 64 << 20).tooSmallFor(1)).isTrue();
        assertThat(new WriteBuffers(48 << 20, SHIPPED_RATIO, 64 << 20).tooSmallFor(1)).isFalse();
        assertThat(new WriteBuffers(48 << 20, SHIPPED_RATIO, 64 << 20).tightFor(1)).isTrue();
    }

    @Test
    void everyTableNeedsItsOwn() {
        assertThat(shipped(64).tightFor(4)).isFalse();
        assertThat(shipped(64).tightFor(5)).isTrue();
        assertThat(shipped(64).tooSmallFor(6)).isFalse();
        assertThat(shipped(64).tooSmallFor(7)).isTrue();
    }

    @Test
    void whatIsEnoughIsNotTight() {
        for (int tables = 1; tables < 50; tables++) {
            long enough = shipped(8).enoughFor(tables);
            assertThat(new WriteBuffers(enough, SHIPPED_RATIO, 16 << 20).tightFor(tables))
                    .isFalse();
            assertThat(new WriteBuffers(enough - 1, SHIPPED_RATIO, 16 << 20).tightFor(tables))
                    .isTrue();
        }
    }

    @Test
    void saysWhatToDo() {
        assertThat(shipped(8).complaint(2))
                .startsWith("RocksDB has 8 MB in a slot, and write buffers of 16 MB for the state")
                .contains("of 2 tables need 30 MB")
                .contains("taskmanager.memory.managed.size")
                .contains("state.backend.rocksdb.writebuffer.size");
    }

    @Test
    void readsFlinksSettings() {
        Configuration flink = new Configuration();
        assertThat(WriteBuffers.of(flink, 32 << 20).tooSmallFor(1)).isTrue();
        flink.setString("state.backend.rocksdb.writebuffer.size", "16 mb");
        assertThat(WriteBuffers.of(flink, 32 << 20).tightFor(1)).isFalse();
        flink.setString("state.backend.rocksdb.memory.write-buffer-ratio", "0.1");
        assertThat(WriteBuffers.of(flink, 32 << 20).tooSmallFor(1)).isTrue();
        flink.setString("state.backend.rocksdb.memory.fixed-per-slot", "1 gb");
        assertThat(WriteBuffers.of(flink, 32 << 20).tightFor(1)).isFalse();
    }

    @Test
    void saysNothingWhereOthersDecide() {
        Configuration unbounded = new Configuration();
        unbounded.setString("state.backend.rocksdb.memory.managed", "false");
        assertThat(WriteBuffers.of(unbounded, 1)).isNull();
        Configuration ofTaskManager = new Configuration();
        ofTaskManager.setString("state.backend.rocksdb.memory.fixed-per-tm", "1 gb");
        assertThat(WriteBuffers.of(ofTaskManager, 1)).isNull();
        Configuration factory = new Configuration();
        factory.setString("state.backend.rocksdb.options-factory", "a.Factory");
        assertThat(WriteBuffers.of(factory, 1)).isNull();
    }
}
