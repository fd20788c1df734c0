package dev.tally.aggregate;

import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.MetricGroup;

/** Metrics of the group stage, by name. */
final class StageCounters {

    final Counter contributions;
    final Counter touches;
    final Counter touchesIgnored;
    final Counter rows;
    final Counter eagerRows;
    final Counter rowsHeld;
    final Counter overflows;
    final Counter reconcileEqual;
    final Counter reconcileRenewed;
    final Counter reconcileDifferent;
    final Counter reconcileOrphan;
    final Counter reconcileKnown;
    final Counter lateRows;
    final Counter maxWatermarksIgnored;
    final Counter watermarksNotReady;

    StageCounters(MetricGroup metrics) {
        contributions = metrics.counter("contributions");
        touches = metrics.counter("touches");
        touchesIgnored = metrics.counter("touchesIgnored");
        rows = metrics.counter("rows");
        eagerRows = metrics.counter("eagerRows");
        rowsHeld = metrics.counter("rowsHeld");
        overflows = metrics.counter("resultOverflows");
        reconcileEqual = metrics.counter("reconcileEqual");
        reconcileRenewed = metrics.counter("reconcileRenewed");
        reconcileDifferent = metrics.counter("reconcileDifferent");
        reconcileOrphan = metrics.counter("reconcileOrphan");
        reconcileKnown = metrics.counter("reconcileKnown");
        lateRows = metrics.counter("lateRows");
        maxWatermarksIgnored = metrics.counter("maxWatermarksIgnored");
        watermarksNotReady = metrics.counter("watermarksNotReady");
    }

    static void gauge(MetricGroup metrics, String name, LongSupplier value) {
        metrics.<Long, Gauge<Long>>gauge(name, value::getAsLong);
    }

    void compared(Comparison comparison) {
        switch (comparison) {
            case EQUAL:
                reconcileEqual.inc();
                break;
            case RENEWED:
                reconcileRenewed.inc();
                break;
            case DIFFERENT:
                reconcileDifferent.inc();
                break;
            case ORPHAN:
                reconcileOrphan.inc();
                break;
            default:
                reconcileKnown.inc();
        }
    }
}
