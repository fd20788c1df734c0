package dev.tally.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tally.item.Value;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashSet;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MeasureLoopTest {

    @ParameterizedTest
    @CsvSource({
        "count, 100", "total, 100", "average, 100",
        "least, 100", "greatest, 100", "customers, 100",
        "count, 10000", "total, 10000", "average, 10000",
        "least, 10000", "greatest, 10000", "customers, 10000"
    })
    void theResultIsThatOfARecount(String measure, int inputs) throws Exception {
        MeasureLoop loop = new MeasureLoop();
        loop.measure = measure;
        loop.inputs = inputs;
        loop.setUp();
        // Once round all inputs that are drawn, and on.
        for (int i = 0; i < 2_100; i++) {
            loop.change();
        }
        Value result = loop.change();
        assertThat(loop.there()).hasSize(inputs);
        assertThat(result.asNumber()).isEqualByComparingTo(recount(measure, loop.there()));
    }

    private static BigDecimal recount(String measure, List<Value> there) {
        BigDecimal size = BigDecimal.valueOf(there.size());
        return switch (measure) {
            case "count" -> size;
            case "customers" -> BigDecimal.valueOf(new HashSet<>(there).size());
            case "least" -> there.stream().map(Value::asNumber).min(BigDecimal::compareTo).get();
            case "greatest" -> there.stream().map(Value::asNumber).max(BigDecimal::compareTo).get();
            case "total" -> sum(there);
            default -> sum(there).divide(size, new MathContext(38));
        };
    }

    private static BigDecimal sum(List<Value> there) {
        return there.stream().map(Value::asNumber).reduce(BigDecimal.ZERO, BigDecimal::add);
    }
}
