package io.aswarm.quorum;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

/**
 * The same deposits give the same bits: in this JVM and in one that interprets or compiles otherwise, whatever the
 * order in which they arrive.
 */
class FusionBitsIT
{
    private static final long SEED = 20_261_122;

    @ParameterizedTest
    @ValueSource(strings = {"-Xint", "-XX:TieredStopAtLevel=1"})
    @Timeout(300)
    void shouldDecideTheSameBitsInAnotherJvmAndAnotherOrder(final String mode) throws Exception
    {
        final String here = FusionDigestMain.digest(SEED, 1);
        assertEquals(here, FusionDigestMain.digest(SEED, 2));
        assertNotEquals(here, FusionDigestMain.digest(SEED + 1, 1));

        final List<String> command = new ArrayList<>(List.of(System.getProperty("java.home") + "/bin/java", mode));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter((argument) -> argument.startsWith("--")).forEach(command::add);
        command.addAll(List.of(
            "-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            FusionDigestMain.class.getName(), String.valueOf(SEED), "3"));
        final Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
        assertEquals(here, process.inputReader().readLine());
        assertEquals(0, process.waitFor());
    }
}
