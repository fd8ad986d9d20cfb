package dev.llmproxy;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import dev.llmproxy.chain.Stage;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the packages to their layers: imports only ever point down, and no feature imports another. */
class ArchitectureTest {
    private static final List<String> LAYERS = List.of("wire", "call", "fault", "dialect", "event", "chain");
    private static final List<String> FEATURES = List.of(
            "auth",
            "route",
            "limit",
            "retry",
            "timeout",
            "integrity",
            "diagnosis",
            "report",
            "anomaly",
            "cache",
            "logging",
            "jfr");
    // Shows what the entry has: on top of everything.
    private static final String CONSOLE = in("console");
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.llmproxy");

    private static String in(String name) {
        return "dev.llmproxy." + name;
    }

    @Test
    void everyPackageHasItsPlaceInThisTest() {
        assertThat(CORE.stream().map(type -> type.getPackageName()).distinct())
                .allMatch(name -> name.equals("dev.llmproxy")
                        || name.equals(CONSOLE)
                        || LAYERS.stream().map(ArchitectureTest::in).anyMatch(name::equals)
                        || FEATURES.stream().map(ArchitectureTest::in).anyMatch(name::equals));
    }

    @Test
    void layersImportOnlyWhatLiesBelow() {
        for (int i = 0; i < LAYERS.size(); i++) {
            for (int above = i + 1; above < LAYERS.size(); above++) {
                noClasses()
                        .that()
                        .resideInAPackage(in(LAYERS.get(i)))
                        .should()
                        .dependOnClassesThat()
                        .resideInAPackage(in(LAYERS.get(above)))
                        .check(CORE);
            }
        }
    }

    @Test
    void onlyTheDialectsAndWhatLiesAboveReadTheWire() {
        noClasses()
                .that()
                .resideInAnyPackage(in("call"), in("fault"))
                .should()
                .dependOnClassesThat()
                .resideInAPackage(in("wire"))
                .check(CORE);
    }

    // But for one: a deployment owns its keys.
    @Test
    void noLayerImportsAFeatureAndNoFeatureAnother() {
        for (String feature : FEATURES) {
            String owner = feature.equals("auth") ? in("route") : in(feature);
            noClasses()
                    .that()
                    .resideOutsideOfPackages(in(feature), owner, CONSOLE, "dev.llmproxy")
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage(in(feature))
                    .check(CORE);
        }
    }

    @Test
    void nobodyImportsTheEntryButTheConsole() {
        noClasses()
                .that()
                .resideInAPackage("dev.llmproxy.(*)..")
                .and()
                .resideOutsideOfPackage(CONSOLE)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("dev.llmproxy")
                .check(CORE);
    }

    @Test
    void nobodyImportsTheConsoleOrAServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage(CONSOLE)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(CONSOLE, "com.sun.net.httpserver..")
                .check(CORE);
    }

    @Test
    void packagesAreFreeOfCycles() {
        slices().matching("dev.llmproxy.(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void coreKnowsNoHttpClientAndNoMetrics() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("okhttp3..", "java.net.http..", "io.micrometer..", "io.lettuce..", "redis..")
                .check(CORE);
    }

    @Test
    void timeAndChanceComeFromOutside() {
        noClasses()
                .that()
                .haveNameNotMatching(".*\\.SystemTicker(\\$.*)?")
                .should()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(LocalDateTime.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callConstructor(Random.class)
                .check(CORE);
    }

    @Test
    void noRegularExpressionReadsTextFromOutside() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .areAssignableTo(Pattern.class)
                .check(CORE);
    }

    @Test
    void stagesAreFinalWithFinalFields() {
        classes()
                .that()
                .implement(Stage.class)
                .and()
                .areNotInterfaces()
                .should()
                .haveModifier(JavaModifier.FINAL)
                .andShould()
                .haveOnlyFinalFields()
                .check(CORE);
    }

    @Test
    void fewTypesArePublic() {
        assertThat(CORE.stream()
                        .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                        .filter(type -> !type.isNestedClass())
                        .filter(type -> !type.getSimpleName().equals("package-info"))
                        // Public for the packages above, not for applications: its package-info says so.
                        .filter(type -> !type.getPackageName().equals(in("wire"))))
                .hasSizeLessThanOrEqualTo(127);
    }
}
