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
import java.util.function.UnaryOperator;

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
        namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1");
    }

    @AfterEach
    void remove() throws IOException
    {
        try
        {
            if (namespace != null)
            {
                namespace.close();
            }
        }
        finally
        {
            KernelSupport.unmount(mountPoint);
        }
    }

    @Test
    void shouldFallBackToGenericPathOnlyWhenModeIsAuto() throws Exception
    {
        final KernelException ex = assertThrows(KernelException.class, () -> open("node", AttachMode.NATIVE, "d0"));
        assertTrue(ex.getMessage().contains("d0") && ex.getMessage().contains("AUTO or GENERIC"), ex.getMessage());
        try (KernelSensor sensor = open("node", AttachMode.AUTO, "d0"))
        {
            assertTrue(sensor.verdictProbe().attached());
            assertEquals("d0 in GENERIC, d0 out TC", describe(sensor));
        }
    }

    @Test
    void shouldAttachEachInterfaceInItsOwnMode() throws Exception
    {
        try (KernelSensor sensor = open("node", (config) -> config
            .interfaces(List.of("v0", "d0", "d1"))
            .attachMode("d1", AttachMode.TC)))
        {
            assertEquals("v0 in NATIVE, d0 in GENERIC, d1 in TC", describe(sensor));
            assertTrue(sensor.verdictProbe().attached());
        }
    }

    @Test
    void shouldGoBehindAnotherXdpProgramWhenModeIsAuto() throws Exception
    {
        try (KernelSensor other = open("other", AttachMode.GENERIC, "d0");
            KernelSensor sensor = open("node", AttachMode.AUTO, "d0"))
        {
            assertEquals("d0 in TC, d0 out TC", describe(sensor));
            assertTrue(sensor.verdictProbe().attached());
            assertTrue(other.verdictProbe().attached());
        }
    }

    @Test
    void shouldMoveBetweenXdpAndTcWhenConfiguredOtherwise() throws Exception
    {
        for (final AttachMode mode : new AttachMode[]{AttachMode.NATIVE, AttachMode.TC, AttachMode.NATIVE})
        {
            try (KernelSensor sensor = open("node", mode, "v0"))
            {
                assertEquals("v0 in " + mode + ", v0 out TC", describe(sensor));
                assertTrue(sensor.verdictProbe().attached());
                assertEquals(mode == AttachMode.TC, Files.exists(mountPoint.resolve("node/ingress_v0")));
                assertEquals(mode != AttachMode.TC, Files.exists(mountPoint.resolve("node/link_v0")));
            }
        }
    }

    @Test
    void shouldAttachAgainWhenInterfaceWasMadeAnew() throws Exception
    {
        try (KernelSensor sensor = open("node", AttachMode.AUTO, "d0", "d1"))
        {
            assertEquals(0, poll(sensor));
            namespace.ip("link", "delete", "d0");
            assertFalse(sensor.verdictProbe().attached(), "interface gone, and nobody noticed");
            assertEquals(1, poll(sensor));
            assertTrue(sensor.verdictProbe().attached(), "what is there is covered");
            assertFalse(Files.exists(mountPoint.resolve("node/link_d0")));
            assertEquals("d0 absent, d0 absent, d1 in GENERIC, d1 out TC", describe(sensor));

            namespace.ip("link", "add", "d0", "type", "bridge");
            assertEquals(1, poll(sensor));
            assertEquals(0, poll(sensor));
            assertTrue(sensor.verdictProbe().attached());
            assertEquals("d0 in GENERIC, d0 out TC, d1 in GENERIC, d1 out TC", describe(sensor));
        }
    }

    @Test
    void shouldNotTakeAnotherInterfaceForTheOneThatIsGone() throws Exception
    {
        try (KernelSensor sensor = open("node", AttachMode.AUTO, "d0"))
        {
            namespace.ip("link", "delete", "d0");
            namespace.ip("link", "add", "d0", "type", "bridge");
            assertFalse(sensor.verdictProbe().attached(), "another interface under the same name");
        }
        try (KernelSensor sensor = open("node", AttachMode.AUTO, "d0"))
        {
            assertTrue(sensor.verdictProbe().attached());
        }
    }

    @Test
    void shouldStayOnInterfaceThatIsRenamed() throws Exception
    {
        try (KernelSensor sensor = open("node", AttachMode.AUTO, "d0"))
        {
            namespace.ip("link", "set", "d0", "name", "d9");
            assertEquals(0, poll(sensor));
            assertTrue(sensor.verdictProbe().attached());
        }
    }

    @Test
    void shouldWaitForInterfaceOnlyWhenAsked() throws Exception
    {
        assertThrows(KernelException.class, () -> open("node", AttachMode.AUTO, "late"));
        try (KernelSensor sensor = open("node", (config) -> config
            .interfaces(List.of("late")).awaitInterfaces(true)))
        {
            assertFalse(sensor.verdictProbe().attached());
            assertEquals("late absent", describe(sensor));
            namespace.ip("link", "add", "late", "type", "bridge");
            assertEquals(1, poll(sensor));
            assertTrue(sensor.verdictProbe().attached());
        }
    }

    @Test
    void shouldSayWhyInterfaceThatCameIsRefusedAndTryAgain() throws Exception
    {
        try (KernelSensor sensor = open("node", (config) -> config
            .interfaces(List.of("late")).awaitInterfaces(true).attachMode(AttachMode.GENERIC)))
        {
            namespace.ip("link", "add", "late", "type", "bridge");
            open("other", AttachMode.GENERIC, "late").close();
            assertEquals(1, poll(sensor));
            assertFalse(sensor.verdictProbe().attached());
            final Attachment refused = sensor.attachments().get(0);
            assertTrue(refused.refusal().contains("another XDP program is on it"), refused::toString);

            Files.delete(mountPoint.resolve("other/link_late"));
            namespace.ip("link", "set", "late", "up");
            assertEquals(1, poll(sensor));
            assertTrue(sensor.verdictProbe().attached());
        }
    }

    @Test
    void shouldLeaveInterfaceThatIsNoLongerConfigured() throws Exception
    {
        open("node", AttachMode.AUTO, "d0", "d1").close();
        assertTrue(Files.exists(mountPoint.resolve("node/link_d1")));
        assertTrue(Files.exists(mountPoint.resolve("node/egress_d1")));
        try (KernelSensor sensor = open("node", AttachMode.AUTO, "d0"))
        {
            assertTrue(sensor.verdictProbe().attached());
            assertFalse(Files.exists(mountPoint.resolve("node/link_d1")));
            assertFalse(Files.exists(mountPoint.resolve("node/egress_d1")));
        }
        try (KernelSensor other = open("other", AttachMode.AUTO, "d1"))
        {
            assertTrue(other.verdictProbe().attached());
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
            assertTrue(sensor.verdictProbe().attached());
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
        return open(pins, (config) -> config.interfaces(List.of(interfaces)).attachMode(mode).egress(true));
    }

    private KernelSensor open(final String pins, final UnaryOperator<KernelSensorConfig.Builder> settings)
        throws Exception
    {
        return namespace.call(() -> KernelSensor.open(settings.apply(
            KernelSensorConfig.builder(pins, mountPoint.resolve(pins)).ringBytes(1 << 16)).build()));
    }

    private int poll(final KernelSensor sensor) throws Exception
    {
        return namespace.call(sensor::pollInterfaces);
    }

    private static String describe(final KernelSensor sensor)
    {
        return String.join(", ", sensor.attachments().stream().map((each) -> each.interfaceName() +
            (each.isAttached() ? (each.inward() ? " in " : " out ") + each.mode() :
            each.interfaceIndex() == 0 ? " absent" : " refused")).toList());
    }
}
