package io.aswarm.dataplane;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Arrays;
import java.util.List;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The shape of the house: who may know whom, and who owns which third party.
 */
class ArchitectureTest
{
    private static final String ROOT = "io.aswarm.";
    private static final String ALL = "io.aswarm..";
    private static final List<String> MODULES =
        List.of("ebpf", "sketch", "trust", "quorum", "actuator", "journal", "dataplane");
    private static JavaClasses classes;

    @BeforeAll
    static void importClasses()
    {
        classes = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption((location) -> !location.contains("-tests.jar"))
            .importPackages("io.aswarm");
        for (final String module : MODULES)
        {
            assertTrue(
                classes.stream().anyMatch((each) -> each.getPackageName().startsWith(ROOT + module)),
                "no class of " + module + " was imported: the rules would pass on nothing");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ebpf, ''", "sketch, ''", "trust, ''", "quorum, 'trust'", "actuator, 'trust ebpf'", "journal, 'trust'"})
    void shouldKnowOnlyTheModulesItMay(final String module, final String allowed)
    {
        final List<String> may = Arrays.asList(allowed.split(" "));
        final String[] forbidden = MODULES.stream()
            .filter((other) -> !other.equals(module) && !may.contains(other))
            .map((other) -> ROOT + other + "..").toArray(String[]::new);

        noClasses().that().resideInAPackage(ROOT + module + "..")
            .should().dependOnClassesThat().resideInAnyPackage(forbidden).check(classes);
    }

    @ParameterizedTest
    @CsvSource({
        "ebpf, jnr..",
        "quorum, io.aeron..",
        "journal, net.openhft..",
        "trust, org.bouncycastle..",
        "trust, org.snakeyaml..",
        "dataplane, io.netty..",
        "dataplane, picocli.."})
    void shouldHaveOneOwnerForEachThirdParty(final String owner, final String thirdParty)
    {
        noClasses().that().resideInAPackage(ALL).and().resideOutsideOfPackage(ROOT + owner + "..")
            .should().dependOnClassesThat().resideInAPackage(thirdParty).check(classes);
    }

    @Test
    void shouldNotReadClocksOrLogInDetection()
    {
        final ArchRule noClock = noClasses().that().resideInAPackage(ROOT + "sketch..")
            .should().callMethod(System.class, "nanoTime")
            .orShould().callMethod(System.class, "currentTimeMillis")
            .orShould().callMethod(java.time.Instant.class, "now")
            .orShould().accessField(System.class, "out")
            .orShould().accessField(System.class, "err")
            .orShould().dependOnClassesThat().resideInAnyPackage(
                "org.slf4j..", "java.util.logging..", "java.io..", "java.nio.file..", "java.net..");
        noClock.check(classes);
    }

    @Test
    void shouldKeepTheActuatorAwayFromLibbpf()
    {
        // Quarantine, kill switch, verdict probe and addresses are all that an act may touch of the kernel side.
        noClasses().that().resideInAPackage(ROOT + "actuator..")
            .should().dependOnClassesThat().haveFullyQualifiedName(ROOT + "ebpf.KernelSensor")
            .orShould().dependOnClassesThat().haveFullyQualifiedName(ROOT + "ebpf.ConversationFlyweight")
            .check(classes);
    }

    @Test
    void shouldHaveNothingOnTheClassPathThatPhonesHome()
    {
        assertThrows(
            ClassNotFoundException.class, () -> Class.forName("net.openhft.chronicle.analytics.Analytics"));
    }

    @Test
    void shouldStartNoShell()
    {
        noClasses().that().resideInAPackage(ALL).and().resideInAnyPackage(
            MODULES.stream().map((module) -> ROOT + module + "..").toArray(String[]::new))
            .should().dependOnClassesThat().haveFullyQualifiedName(ProcessBuilder.class.getName())
            .orShould().callMethod(Runtime.class, "exec", String.class)
            .orShould().callMethod(Runtime.class, "exec", String[].class)
            .check(classes);
    }
}
