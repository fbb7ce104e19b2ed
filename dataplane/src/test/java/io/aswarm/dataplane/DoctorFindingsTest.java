package io.aswarm.dataplane;

import io.aswarm.dataplane.Machine.Finding;
import io.aswarm.dataplane.Machine.Level;
import io.aswarm.ebpf.AttachMode;
import io.aswarm.ebpf.ClockQuality;
import io.aswarm.ebpf.EgressMode;
import io.aswarm.ebpf.InterfaceState;
import io.aswarm.ebpf.InterfaceState.DriverXdp;
import io.aswarm.ebpf.KernelFeature;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DoctorFindingsTest
{
    @TempDir
    Path root;

    @Test
    void shouldFailOnlyWithoutWhatNodeCanNotDoWithout()
    {
        for (final KernelFeature each : KernelFeature.values())
        {
            assertEquals(Level.OK, KernelFindings.feature(new KernelFeature.Trial(each, "")).level());
            final Finding refused = KernelFindings.feature(new KernelFeature.Trial(each, "EPERM"));
            assertTrue(refused.what().contains("EPERM"), refused::toString);
            assertEquals(KernelFeature.RING_BUFFER == each, Level.FAIL == refused.level(), refused::toString);
            assertTrue(refused.what().contains("; "), "what it costs: " + refused);
            assertFalse(refused.advice().isEmpty(), "what to do: " + refused);
        }
    }

    @Test
    void shouldSayWhetherAttacksOnThisHostAreSeen()
    {
        assertEgress(Level.OK, "by tcx", EgressMode.AUTO, "", "");
        assertEgress(Level.OK, "by clsact", EgressMode.ON, "EINVAL", "");
        assertEgress(Level.WARN, "not detected here", EgressMode.AUTO, "EINVAL", "ENOENT");
        assertEgress(Level.FAIL, "not detected here", EgressMode.ON, "EINVAL", "ENOENT");
        assertEgress(Level.WARN, "off", EgressMode.OFF, "", "");
    }

    @Test
    void shouldNameVlanDevicesOnTopOfInterface() throws IOException
    {
        final Machine machine = new Machine(root);
        write("sys/class/net/eth0/upper_eth0.7/ifindex", "7\n");
        write("sys/class/net/eth0/upper_br0/ifindex", "8\n");
        write("sys/class/net/eth0.7/uevent", "DEVTYPE=vlan\nINTERFACE=eth0.7\n");
        write("sys/class/net/br0/uevent", "DEVTYPE=bridge\n");
        final List<Finding> findings = machine.stacked("eth0");
        assertEquals(1, findings.size());
        assertEquals(Level.WARN, findings.get(0).level());
        assertTrue(findings.get(0).what().startsWith("eth0.7;"), findings::toString);
        assertEquals(List.of(), machine.stacked("br0"));
        assertEquals(List.of(), machine.stacked("absent"));
    }

    @Test
    void shouldSayWhereProgramIsAndWhatThatCosts()
    {
        assertFinding(Level.OK, "in the driver, and what goes out is seen",
            new InterfaceState(AttachMode.NATIVE, true, false, true, DriverXdp.OFFERED));
        assertFinding(Level.WARN, "in the generic path",
            new InterfaceState(AttachMode.GENERIC, true, false, false, DriverXdp.OFFERED));
        assertFinding(Level.OK, "in the generic path",
            new InterfaceState(AttachMode.GENERIC, true, false, false, DriverXdp.REFUSED));
        assertFinding(Level.OK, "in tc", new InterfaceState(AttachMode.NATIVE, false, true, false, DriverXdp.UNKNOWN));
        assertFinding(Level.WARN, "an XDP program of somebody else",
            new InterfaceState(AttachMode.NATIVE, false, false, false, DriverXdp.OFFERED));
        assertFinding(Level.OK, "nothing", new InterfaceState(AttachMode.AUTO, false, false, false, DriverXdp.OFFERED));
    }

    @Test
    void shouldWarnOfClockThatNobodyDisciplines()
    {
        assertEquals(Level.OK, KernelFindings.clock(new ClockQuality(true, 1_000_000, 5)).level());
        assertEquals(Level.WARN, KernelFindings.clock(new ClockQuality(true, 1_000_001, 5)).level());
        assertEquals(Level.WARN, KernelFindings.clock(new ClockQuality(false, 0, 0)).level());
    }

    @Test
    void shouldNamePortsThatCarryRdma() throws IOException
    {
        assertEquals(List.of(Finding.ok("rdma", "no port carries it")), new RdmaPorts(root).findings());
        write("sys/class/infiniband/mlx5_0/ports/1/gid_attrs/ndevs/0", "eth1\n");
        write("sys/class/infiniband/mlx5_0/ports/1/gid_attrs/ndevs/1", "eth1.7\n");
        write("sys/class/infiniband/mlx5_1/ports/1/state", "4: ACTIVE\n");
        final List<Finding> findings = new RdmaPorts(root).findings();
        assertEquals(List.of("rdma mlx5_0", "rdma mlx5_1"), findings.stream().map(Finding::name).toList());
        assertTrue(findings.get(0).what().startsWith("RoCE on eth1, eth1.7:"), findings::toString);
        assertTrue(findings.get(1).what().startsWith("InfiniBand:"), findings::toString);
    }

    @Test
    void shouldWarnWhenTrackingDoesNotCount() throws IOException
    {
        final Machine machine = new Machine(root);
        assertEquals(Level.WARN, machine.trackingCounters().level());
        write("proc/sys/net/netfilter/nf_conntrack_acct", "0\n");
        assertTrue(machine.trackingCounters().what().startsWith("off"));
        write("proc/sys/net/netfilter/nf_conntrack_acct", "1\n");
        assertEquals(Level.OK, machine.trackingCounters().level());
    }

    private static void assertEgress(
        final Level level, final String what, final EgressMode mode, final String tcx, final String clsact)
    {
        final Finding finding = KernelFindings.egress(mode, List.of(
            new KernelFeature.Trial(KernelFeature.XDP, ""),
            new KernelFeature.Trial(KernelFeature.TC_LINK, tcx),
            new KernelFeature.Trial(KernelFeature.TC_FILTER, clsact)));
        assertEquals(level, finding.level(), finding::toString);
        assertTrue(finding.what().contains(what), finding::toString);
        assertEquals(Level.OK == level, finding.advice().isEmpty(), finding::toString);
    }

    private static void assertFinding(final Level level, final String what, final InterfaceState state)
    {
        final Finding finding = KernelFindings.attachment("x", state);
        assertEquals(level, finding.level(), finding::toString);
        assertTrue(finding.what().startsWith(what), finding::toString);
        assertFalse(Level.WARN == level && finding.advice().isEmpty(), finding::toString);
    }

    private void write(final String path, final String text) throws IOException
    {
        final Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
