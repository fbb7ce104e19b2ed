package io.aswarm.ebpf;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** Links on interfaces that come, go, or can not. A bridge knows no XDP in its driver. */
class AttachIT
{
    private Path mountPoint;
    private TestNamespace namespace;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @BeforeEach
    void build() throws KernelException, IOException
    {
        mountPoint = KernelSupport.mountBpfFs();
        namespace = new TestNamespace("attach");
        namespace.ip("link", "add", "d0", "type", "bridge");
        namespace.ip("link", "add", "d1", "type", "bridge");
    }

    @AfterEach
    void remove() throws IOException
    {
        namespace.close();
        KernelSupport.unmount(mountPoint);
    }

    @Test
    void shouldFallBackToGenericPathOnlyWhenModeIsAuto() throws Exception
    {
        final KernelException ex = assertThrows(KernelException.class, () -> open("node", AttachMode.NATIVE, "d0"));
        assertTrue(ex.getMessage().contains("d0") && ex.getMessage().contains("AUTO or GENERIC"), ex.getMessage());
        try (KernelSensor sensor = open("node", AttachMode.AUTO, "d0"))
        {
            assertTrue(attached(sensor));
        }
    }

    @Test
    void shouldComeBackWhenInterfaceWasMadeAnew() throws Exception
    {
        try (KernelSensor sensor = open("node", AttachMode.AUTO, "d0"))
        {
            namespace.ip("link", "delete", "d0");
            assertFalse(attached(sensor), "interface gone");
            namespace.ip("link", "add", "d0", "type", "bridge");
            assertFalse(attached(sensor), "another interface under the same name");
        }
        try (KernelSensor sensor = open("node", AttachMode.AUTO, "d0"))
        {
            assertTrue(attached(sensor));
        }
    }

    @Test
    void shouldLeaveInterfaceThatIsNoLongerConfigured() throws Exception
    {
        open("node", AttachMode.AUTO, "d0", "d1").close();
        assertTrue(Files.exists(mountPoint.resolve("node/link_d1")));
        try (KernelSensor sensor = open("node", AttachMode.AUTO, "d0"))
        {
            assertTrue(attached(sensor));
            assertFalse(Files.exists(mountPoint.resolve("node/link_d1")));
        }
        try (KernelSensor other = open("other", AttachMode.AUTO, "d1"))
        {
            assertTrue(attached(other));
        }
    }

    @Test
    void shouldNotPushAnotherProgramOffItsInterface() throws Exception
    {
        try (KernelSensor sensor = open("node", AttachMode.GENERIC, "d0"))
        {
            final KernelException ex = assertThrows(
                KernelException.class, () -> open("other", AttachMode.GENERIC, "d0"));
            assertTrue(ex.getMessage().contains("another XDP program"), ex.getMessage());
            assertTrue(attached(sensor));
        }
    }

    @Test
    void shouldKeepPinsToOwnerAndMountOnce() throws Exception
    {
        assertFalse(BpfFs.ensureMounted(mountPoint), "mounted twice");
        open("node", AttachMode.AUTO, "d0").close();
        assertEquals("rwx------",
            PosixFilePermissions.toString(Files.getPosixFilePermissions(mountPoint.resolve("node"))));
    }

    private KernelSensor open(final String pins, final AttachMode mode, final String... interfaces) throws Exception
    {
        return namespace.call(() -> KernelSensor.open(KernelSensorConfig.builder(pins, mountPoint.resolve(pins))
            .interfaces(List.of(interfaces)).attachMode(mode).ringBytes(1 << 16).build()));
    }

    private boolean attached(final KernelSensor sensor) throws Exception
    {
        return namespace.call(() -> sensor.verdictProbe().attached());
    }
}
