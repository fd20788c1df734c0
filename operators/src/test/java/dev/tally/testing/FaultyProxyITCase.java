package dev.tally.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tally.item.Item;
import dev.tally.item.KeySchema;
import dev.tally.item.Value;
import dev.tally.source.client.LocalTables;
import dev.tally.testing.FaultyProxy.Fault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;

/** That the proxy does what its faults say, as the SDK sees it. */
class FaultyProxyITCase {

    private static final String TABLE = "faulty-proxy";
    private static final LocalDynamoDb LOCAL = LocalDynamoDb.shared();

    private final FaultyProxy proxy = new FaultyProxy(LOCAL.endpoint(), 7);
    private final DynamoDbClient client = client(proxy);

    @BeforeAll
    static void createTable() {
        KeySchema key = KeySchema.of(new KeySchema.Attribute("Id", Value.Type.S));
        LocalTables.create(LOCAL.client(), TABLE, key, null);
        for (int i = 0; i < 10; i++) {
            LocalTables.put(LOCAL.client(), TABLE, Item.of(Map.of("Id", Value.text("item-" + i))));
        }
    }

    @AfterEach
    void close() {
        client.close();
        proxy.close();
    }

    private static DynamoDbClient client(FaultyProxy proxy) {
        return DynamoDbClient.builder()
                .endpointOverride(proxy.endpoint())
                .region(LocalDynamoDb.region())
                .credentialsProvider(LocalDynamoDb.credentials())
                .overrideConfiguration(
                        change ->
                                change.retryStrategy(AwsRetryStrategy.doNotRetry())
                                        .apiCallTimeout(Duration.ofSeconds(1)))
                .httpClientBuilder(ApacheHttpClient.builder())
                .build();
    }

    private void put(String id) {
        client.putItem(put -> put.tableName(TABLE).item(Map.of("Id", AttributeValue.fromS(id))));
    }

    private static boolean isThere(String id) {
        return LOCAL.client()
                .getItem(get -> get.tableName(TABLE).key(Map.of("Id", AttributeValue.fromS(id))))
                .hasItem();
    }

    @ParameterizedTest
    @CsvSource({
        "FAIL, InternalServerError",
        "THROTTLE, ProvisionedThroughputExceededException",
        "LIMIT, LimitExceededException",
        "DENY, AccessDeniedException",
        "EXPIRE_ITERATOR, ExpiredIteratorException"
    })
    void errorsHaveTheNamesOfTheService(Fault fault, String code) {
        proxy.next(1, "PutItem", "", fault);
        assertThatThrownBy(() -> put(fault.name()))
                .isInstanceOfSatisfying(
                        AwsServiceException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo(code));
        assertThat(isThere(fault.name())).isFalse();
        assertThat(proxy.injected(fault)).isEqualTo(1);
        put(fault.name());
        assertThat(isThere(fault.name())).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"RESET", "LOSE_ANSWER", "TEAR_ANSWER", "LAND_LATE", "HANG"})
    void whatIsOfUnknownOutcomeArrivesOrNot(Fault fault) {
        proxy.hang(Duration.ofMillis(1500)).next(1, "PutItem", "", fault);
        assertThatThrownBy(() -> put(fault.name())).isInstanceOf(SdkClientException.class);
        if (fault == Fault.LAND_LATE) {
            proxy.landed().join();
        }
        if (fault == Fault.HANG) {
            proxy.close();
        } else {
            assertThat(isThere(fault.name())).isEqualTo(fault != Fault.RESET);
        }
    }

    @Test
    void shortPagesLoseNothing() {
        proxy.often(1, "Scan", Fault.SHORT_PAGE).often(1, FaultyProxy.ANY, Fault.SLOW);
        proxy.delay(Duration.ofMillis(5));
        List<String> found = new ArrayList<>();
        Map<String, AttributeValue> after = null;
        int pages = 0;
        do {
            Map<String, AttributeValue> from = after;
            ScanResponse page =
                    client.scan(scan -> scan.tableName(TABLE).limit(100).exclusiveStartKey(from));
            page.items().forEach(item -> found.add(item.get("Id").s()));
            after = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
            pages++;
        } while (after != null);
        assertThat(found).doesNotHaveDuplicates().contains("item-0", "item-9");
        assertThat(pages).isGreaterThan(3);
        assertThat(proxy.injected(Fault.SHORT_PAGE)).isEqualTo(pages);
    }

    @Test
    void chanceIsOfTheSeedAlone() {
        List<Boolean> first = outcomes(42);
        assertThat(outcomes(42)).isEqualTo(first).contains(true, false);
        assertThat(outcomes(43)).isNotEqualTo(first);
    }

    private static List<Boolean> outcomes(long seed) {
        List<Boolean> outcomes = new ArrayList<>();
        try (FaultyProxy own = new FaultyProxy(LOCAL.endpoint(), seed);
                DynamoDbClient caller = client(own)) {
            own.often(0.5, "DescribeTable", Fault.FAIL);
            for (int i = 0; i < 20; i++) {
                try {
                    caller.describeTable(describe -> describe.tableName(TABLE));
                    outcomes.add(true);
                } catch (AwsServiceException e) {
                    outcomes.add(false);
                }
            }
            own.heal();
            caller.describeTable(describe -> describe.tableName(TABLE));
        }
        return outcomes;
    }
}
