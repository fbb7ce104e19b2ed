package io.aswarm.ebpf;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What is said of the kernel against what is known of it by other ways. */
class KernelFeatureIT
{
    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @Test
    void shouldOfferWhatSensorUsesHere() throws KernelException
    {
        final Map<KernelFeature, KernelFeature.Trial> trials = new EnumMap<>(KernelFeature.class);
        KernelFeature.probeAll().forEach((trial) -> trials.put(trial.feature(), trial));
        System.out.println(trials.values());
        assertEquals(KernelFeature.values().length, trials.size());
        for (final KernelFeature each : List.of(
            KernelFeature.XDP, KernelFeature.RING_BUFFER, KernelFeature.RAW_TRACEPOINT))
        {
            assertTrue(trials.get(each).isOffered(), () -> trials.get(each).toString());
        }
        assertEquals(
            Files.exists(Path.of("/sys/bus/event_source/devices/kprobe/type")),
            trials.get(KernelFeature.KPROBE).isOffered(), () -> trials.get(KernelFeature.KPROBE).toString());
    }

    @Test
    void shouldTellWhatIsOnInterfaceAndWhatDriverTakes() throws Exception
    {
        final Path mountPoint = KernelSupport.mountBpfFs();
        try (TestNamespace namespace = new TestNamespace("doctor"))
        {
            namespace.ip("link", "add", "v0", "type", "veth", "peer", "name", "v1");
            namespace.ip("link", "add", "d0", "type", "bridge");
            final Path pins = mountPoint.resolve("node");
            final InterfaceState before = namespace.call(() -> InterfaceState.read("v0", pins));
            assertEquals(AttachMode.AUTO, before.xdp());
            assertFalse(before.isOurs());

            namespace.call(() -> KernelSensor.open(KernelSensorConfig.builder("node", pins)
                .interfaces(List.of("v0", "d0")).attachMode("d0", AttachMode.TC).egress(true).build())).close();
            final InterfaceState veth = namespace.call(() -> InterfaceState.read("v0", pins));
            assertEquals(AttachMode.NATIVE, veth.xdp());
            assertTrue(veth.isOurs() && !veth.isInTc() && veth.isOutward(), veth::toString);
            assertEquals(InterfaceState.DriverXdp.OFFERED, veth.driver());
            final InterfaceState bridge = namespace.call(() -> InterfaceState.read("d0", pins));
            assertEquals(AttachMode.AUTO, bridge.xdp());
            assertTrue(!bridge.isOurs() && bridge.isInTc() && bridge.isOutward(), bridge::toString);
            assertEquals(InterfaceState.DriverXdp.REFUSED, bridge.driver());
            assertFalse(namespace.call(() -> InterfaceState.read("v0", null)).isOurs());
            assertThrows(KernelException.class, () -> InterfaceState.read("asw-nothere", pins));
        }
        finally
        {
            KernelSupport.unmount(mountPoint);
        }
    }

    @Test
    void shouldReadClock() throws KernelException
    {
        final ClockQuality quality = ClockQuality.read();
        assertTrue(quality.maxErrorUs() >= 0 && quality.errorUs() >= 0, quality::toString);
    }
}
