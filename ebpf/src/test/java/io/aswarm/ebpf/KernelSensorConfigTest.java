package io.aswarm.ebpf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KernelSensorConfigTest
{
    private final KernelSensorConfig.Builder builder = KernelSensorConfig.builder("node", Path.of("/sys/fs/bpf/node"));

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "a:b", "sixteen-letters-"})
    void shouldRefuseInterfaceThatKernelWouldNotName(final String name)
    {
        final IllegalArgumentException ex = assertThrows(
            IllegalArgumentException.class, () -> builder.interfaces(List.of(name)).build());
        assertTrue(ex.getMessage().contains("'" + name + "'"), ex.getMessage());
    }

    @Test
    void shouldTakeInterfaceOfLongestNameAndWithDot()
    {
        assertEquals(2, builder.interfaces(List.of("fifteen-letters", "eth0.100")).build().interfaces().size());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -4096, 2048, 4097, 12288})
    void shouldRefuseRingThatKernelWouldNotMake(final int bytes)
    {
        assertThrows(IllegalArgumentException.class, () -> builder.ringBytes(bytes).build());
    }

    @Test
    void shouldRefuseLimitsBelowOne()
    {
        assertDoesNotThrow(() -> builder.quarantineEntriesMax(1).conversationsMax(1).burst(1, 1).build());
        assertThrows(IllegalArgumentException.class, () -> builder.quarantineEntriesMax(0).build());
        builder.quarantineEntriesMax(1);
        assertThrows(IllegalArgumentException.class, () -> builder.conversationsMax(0).build());
        builder.conversationsMax(1);
        assertThrows(IllegalArgumentException.class, () -> builder.burst(0, 1).build());
        assertThrows(IllegalArgumentException.class, () -> builder.burst(1, 0).build());
    }
}
