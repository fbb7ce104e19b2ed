package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RequirementTest
{
    private static final String WHY = "nmap is missing: apt-get install nmap";

    @Test
    void shouldSkipAndSayWhyWhenNotMet()
    {
        assertEquals("Assumption failed: " + WHY,
            assertThrows(TestAbortedException.class, () -> Requirement.met(false, WHY, false)).getMessage());
    }

    @Test
    void shouldFailWhenNotMetWhereNothingMayBeMissing()
    {
        assertEquals("ASWARM_REQUIRE_KERNEL=1, but " + WHY,
            assertThrows(AssertionFailedError.class, () -> Requirement.met(false, WHY, true)).getMessage());
        assertDoesNotThrow(() -> Requirement.met(true, WHY, true));
    }

    @Test
    void shouldFindWhatIsThere()
    {
        final Path there = Path.of("pom.xml");
        assertEquals(there, Requirement.file(List.of(Path.of("no-such-file"), there), "none"));
        assertDoesNotThrow(() -> Requirement.tool("sh", "dash"));
    }

    @Test
    void shouldSayWhatToInstall()
    {
        // skipped or failed, as this run has it
        final Throwable thrown = assertThrows(Throwable.class, () -> Requirement.tool("no-such-tool", "its-package"));
        assertTrue(thrown.getMessage().endsWith("no-such-tool is missing: apt-get install its-package"));
    }
}
