package dev.tally.job;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Which part may know which: {@code schemas} knows nobody, the four parts of {@code operators} know
 * {@code schemas} and not each other, {@code job} knows all. The cloud has two doors, {@code
 * source.client} (beside it the comparison in {@code source.apache}) and {@code sink}.
 */
class ArchitectureTest {

    private static final String[] SCHEMAS = {
        "dev.tally.item..",
        "dev.tally.change..",
        "dev.tally.view..",
        "dev.tally.codec..",
        "dev.tally.json.."
    };
    private static final String SOURCE = "dev.tally.source..";
    private static final String DIFF = "dev.tally.diff..";
    private static final String AGGREGATE = "dev.tally.aggregate..";
    private static final String SINK = "dev.tally.sink..";
    private static final String JOB = "dev.tally.job..";

    /** What exists in no other form: DynamoDB Local. */
    private static final DescribedPredicate<JavaClass> STILL_OLD =
            resideInAnyPackage("com.amazonaws.services.dynamodbv2.local..");

    /** Production only, whether the other modules come as folders or as jars. */
    private static final ImportOption PRODUCTION =
            location -> !location.contains("/test-classes/") && !location.contains("-tests.jar");

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(PRODUCTION).importPackages("dev.tally");

    @Test
    void schemasKnowNobody() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(SCHEMAS)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(SOURCE, DIFF, AGGREGATE, SINK, JOB));
    }

    @Test
    void schemasNeedNoRunningFlink() {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(SCHEMAS)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "org.apache.flink.streaming..",
                                "org.apache.flink.runtime..",
                                "org.apache.flink.connector.."));
    }

    @Test
    void sourceKnowsOnlySchemas() {
        knowsNot(SOURCE, DIFF, AGGREGATE, SINK, JOB);
    }

    @Test
    void diffKnowsOnlySchemas() {
        knowsNot(DIFF, SOURCE, AGGREGATE, SINK, JOB);
    }

    @Test
    void aggregateKnowsOnlySchemas() {
        knowsNot(AGGREGATE, SOURCE, DIFF, SINK, JOB);
    }

    @Test
    void sinkKnowsOnlySchemas() {
        knowsNot(SINK, SOURCE, DIFF, AGGREGATE, JOB);
    }

    @Test
    void onlyClientApacheAndSinkUseTheSdk() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                "dev.tally.source.client..", "dev.tally.source.apache..", SINK)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("software.amazon.awssdk.."));
    }

    @Test
    void nobodyUsesTheOldSdk() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackages("dev.tally.source.apache..")
                        .should()
                        .dependOnClassesThat(
                                resideInAnyPackage("com.amazonaws..").and(not(STILL_OLD))));
    }

    @Test
    void onlyJobStartsAnEmbeddedDynamoDb() {
        check(
                noClasses()
                        .that()
                        .resideOutsideOfPackage(JOB)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage("com.amazonaws.services.dynamodbv2.local.."));
    }

    /** The same changes give the same rows, on every machine and at every time. */
    @Test
    void decisionsReadNoClock() {
        check(
                decisions()
                        .should()
                        .callMethod(System.class, "currentTimeMillis")
                        .orShould()
                        .callMethod(System.class, "nanoTime")
                        .orShould()
                        .callMethod(Instant.class, "now"));
    }

    @Test
    void decisionsAreNotLeftToChance() {
        check(
                decisions()
                        .should()
                        .callConstructor(Random.class)
                        .orShould()
                        .callMethod(Math.class, "random")
                        .orShould()
                        .callMethod(UUID.class, "randomUUID"));
    }

    @Test
    void namesSayWhatATypeIs() {
        check(
                noClasses()
                        .should()
                        .haveNameMatching(".*(Util|Utils|Helper|Helpers|Manager|Impl)(\\$.*)?"));
    }

    private static GivenClassesConjunction decisions() {
        return noClasses()
                .that()
                .resideInAnyPackage(SCHEMAS)
                .or()
                .resideInAnyPackage(
                        DIFF,
                        AGGREGATE,
                        "dev.tally.source.split..",
                        "dev.tally.source.enumerator..",
                        "dev.tally.source.simulated..");
    }

    private static void knowsNot(String part, String... others) {
        check(
                noClasses()
                        .that()
                        .resideInAnyPackage(part)
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(others));
    }

    /** A part that is still empty breaks no rule. */
    private static void check(ArchRule rule) {
        rule.allowEmptyShould(true).check(CLASSES);
    }
}
