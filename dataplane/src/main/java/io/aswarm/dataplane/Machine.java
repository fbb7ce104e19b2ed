package io.aswarm.dataplane;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What {@code /proc} and {@code /sys} say of this machine, judged for what the node needs. Reads only; the root can be
 * another directory, for tests.
 */
final class Machine
{
    /** How a finding is to be taken. */
    enum Level
    {
        /** As it should be. */
        OK,
        /** The node runs, with less. */
        WARN,
        /** The node will not start. */
        FAIL
    }

    /**
     * One finding.
     *
     * @param name   of what was looked at.
     * @param level  how it is to be taken.
     * @param what   was found.
     * @param advice what to do, empty where nothing needs doing.
     */
    record Finding(String name, Level level, String what, String advice)
    {
        static Finding ok(final String name, final String what)
        {
            return new Finding(name, Level.OK, what, "");
        }
    }

    private static final String UPPER = "upper_";
    private static final int CAP_NET_ADMIN = 12;
    private static final int CAP_SYS_ADMIN = 21;
    private static final int CAP_PERFMON = 38;
    private static final int CAP_BPF = 39;
    private static final int KERNEL_MAJOR_MIN = 5;
    private static final int KERNEL_MINOR_MIN = 15;
    private static final long SOCKET_BUFFER_MIN = 2L << 20;
    private static final long SHARED_MEMORY_MIN = 64L << 20;

    private final Path root;

    Machine(final Path root)
    {
        this.root = root;
    }

    List<Finding> findings()
    {
        final List<Finding> findings = new ArrayList<>();
        findings.add(kernel());
        findings.add(capabilities());
        findings.add(typeInformation());
        findings.add(bpfFileSystem());
        findings.add(jit());
        findings.add(socketBuffers());
        findings.add(sharedMemory());
        findings.add(clockSource());
        findings.add(connectionTracking());
        findings.add(trackingCounters());
        return findings;
    }

    Finding kernel()
    {
        final String release = read("proc/sys/kernel/osrelease");
        final String[] parts = release.split("[.-]");
        try
        {
            final int major = Integer.parseInt(parts[0]);
            final int minor = Integer.parseInt(parts[1]);
            if (major > KERNEL_MAJOR_MIN || (major == KERNEL_MAJOR_MIN && minor >= KERNEL_MINOR_MIN))
            {
                return Finding.ok("kernel", release);
            }
            return new Finding("kernel", Level.FAIL, release, "Linux " + KERNEL_MAJOR_MIN + "." + KERNEL_MINOR_MIN +
                " or newer is needed for XDP links and ring buffers");
        }
        catch (final NumberFormatException | ArrayIndexOutOfBoundsException ex)
        {
            return new Finding("kernel", Level.WARN, "unknown release \"" + release + "\"", "is this Linux?");
        }
    }

    Finding capabilities()
    {
        final long effective = capabilityMask();
        final List<String> missing = new ArrayList<>();
        final boolean isAdmin = has(effective, CAP_SYS_ADMIN);
        if (!has(effective, CAP_NET_ADMIN))
        {
            missing.add("CAP_NET_ADMIN");
        }
        if (!isAdmin && !has(effective, CAP_BPF))
        {
            missing.add("CAP_BPF");
        }
        if (!isAdmin && !has(effective, CAP_PERFMON))
        {
            missing.add("CAP_PERFMON");
        }
        return missing.isEmpty() ? Finding.ok("capabilities", "all that the node needs") :
            new Finding("capabilities", Level.FAIL, "missing " + String.join(", ", missing),
            "run as root, or with the unit in systemd/aswarm.service");
    }

    Finding typeInformation()
    {
        return Files.isReadable(root.resolve("sys/kernel/btf/vmlinux")) ?
            Finding.ok("kernel types", "/sys/kernel/btf/vmlinux") :
            new Finding("kernel types", Level.FAIL, "no /sys/kernel/btf/vmlinux",
            "a kernel built with CONFIG_DEBUG_INFO_BTF=y is needed");
    }

    Finding bpfFileSystem()
    {
        final boolean isMounted = lines("proc/self/mounts")
            .anyMatch((line) -> line.matches("\\S+ /sys/fs/bpf bpf .*"));
        return isMounted ? Finding.ok("bpf file system", "/sys/fs/bpf") :
            new Finding("bpf file system", Level.WARN, "none at /sys/fs/bpf",
            "mount -t bpf bpf /sys/fs/bpf, or let directories.pins lie on another one");
    }

    Finding jit()
    {
        final String value = read("proc/sys/net/core/bpf_jit_enable");
        return "0".equals(value) ? new Finding("bpf compiler", Level.WARN, "off: programs are interpreted, slowly",
            "sysctl net.core.bpf_jit_enable=1") : Finding.ok("bpf compiler", value.isEmpty() ? "built in" : "on");
    }

    Finding socketBuffers()
    {
        final long receiveMax = number("proc/sys/net/core/rmem_max");
        return receiveMax >= SOCKET_BUFFER_MIN ? Finding.ok("socket buffers", "up to " + receiveMax + " bytes") :
            new Finding("socket buffers", Level.WARN, "up to " + receiveMax + " bytes",
            "sysctl net.core.rmem_max=4194304 net.core.wmem_max=4194304, or loss on the mesh under load");
    }

    Finding sharedMemory()
    {
        try
        {
            final long usable = Files.getFileStore(root.resolve("dev/shm")).getUsableSpace();
            return usable >= SHARED_MEMORY_MIN ? Finding.ok("shared memory", (usable >> 20) + " MiB free") :
                new Finding("shared memory", Level.WARN, (usable >> 20) + " MiB free in /dev/shm",
                "make room, or let directories.aeron lie elsewhere");
        }
        catch (final IOException ex)
        {
            return new Finding("shared memory", Level.WARN, "no /dev/shm", "let directories.aeron lie on a tmpfs");
        }
    }

    Finding clockSource()
    {
        final String source = read("sys/devices/system/clocksource/clocksource0/current_clocksource");
        return List.of("tsc", "kvm-clock", "arch_sys_counter").contains(source) ?
            Finding.ok("clock source", source) :
            new Finding("clock source", Level.WARN, source.isEmpty() ? "unknown" : source,
            "each reading of the clock is a system call: latencies will be worse");
    }

    Finding connectionTracking()
    {
        return Files.exists(root.resolve("proc/sys/net/netfilter/nf_conntrack_max")) ?
            Finding.ok("connection tracking", "offered; a namespace gives events once a rule there uses ct state") :
            new Finding("connection tracking", Level.WARN, "not loaded",
            "modprobe nf_conntrack, if sensors.conntrack is wanted");
    }

    Finding trackingCounters()
    {
        final String value = read("proc/sys/net/netfilter/nf_conntrack_acct");
        return "1".equals(value) ? Finding.ok("tracking counters", "on") :
            new Finding("tracking counters", Level.WARN,
            value.isEmpty() ? "not offered" : "off: tracked connections end without packets and bytes",
            "sysctl net.netfilter.nf_conntrack_acct=1, if sensors.conntrack is wanted");
    }

    /** Names of all interfaces but loopback. */
    List<String> interfaces()
    {
        try (Stream<Path> entries = Files.list(root.resolve("sys/class/net")))
        {
            return entries.map((path) -> path.getFileName().toString()).filter((name) -> !"lo".equals(name)).sorted()
                .toList();
        }
        catch (final IOException ex)
        {
            return List.of();
        }
    }

    Finding networkInterface(final String name)
    {
        final Path directory = root.resolve("sys/class/net").resolve(name);
        if (!Files.isDirectory(directory))
        {
            return new Finding("interface " + name, Level.FAIL, "does not exist in this network namespace",
                "there are: " + String.join(", ", interfaces()));
        }

        final String state = read("sys/class/net/" + name + "/operstate");
        final String what = state + ", driver " + driver(directory);
        if (Files.isDirectory(directory.resolve("device/infiniband")))
        {
            return new Finding("interface " + name, Level.WARN, what + ", carries RDMA",
                "RDMA traffic bypasses the packet program: it is neither seen nor contained there");
        }
        return "down".equals(state) ?
            new Finding("interface " + name, Level.WARN, what, "ip link set " + name + " up") :
            Finding.ok("interface " + name, what);
    }

    /** VLAN devices on top of an interface, where its own neighbours are not those of the frames. */
    List<Finding> stacked(final String name)
    {
        final List<String> vlans;
        try (Stream<Path> entries = Files.list(root.resolve("sys/class/net").resolve(name)))
        {
            vlans = entries.map((path) -> path.getFileName().toString()).filter((entry) -> entry.startsWith(UPPER))
                .map((entry) -> entry.substring(UPPER.length()))
                .filter((upper) -> lines("sys/class/net/" + upper + "/uevent").anyMatch("DEVTYPE=vlan"::equals))
                .sorted().toList();
        }
        catch (final IOException ex)
        {
            return List.of();
        }
        return vlans.isEmpty() ? List.of() : List.of(new Finding("vlans on " + name, Level.WARN,
            String.join(", ", vlans) + "; nobody in them counts as bound to the link, so mode guard limits all alike",
            "let interfaces name them in place of " + name));
    }

    private String driver(final Path directory)
    {
        try
        {
            return directory.resolve("device/driver").toRealPath().getFileName().toString();
        }
        catch (final IOException ex)
        {
            return "virtual";
        }
    }

    private long capabilityMask()
    {
        return lines("proc/self/status").filter((line) -> line.startsWith("CapEff:"))
            .map((line) -> Long.parseUnsignedLong(line.substring("CapEff:".length()).strip(), 16))
            .findFirst().orElse(0L);
    }

    private static boolean has(final long mask, final int capability)
    {
        return 0 != (mask & 1L << capability);
    }

    private long number(final String path)
    {
        final String text = read(path);
        return text.matches("\\d{1,18}") ? Long.parseLong(text) : 0;
    }

    private Stream<String> lines(final String path)
    {
        return read(path).lines();
    }

    private String read(final String path)
    {
        // Not Files.readString: /proc says that a file is empty, so it would ask for one byte, and a sysctl file gives
        // its value in one read or not at all (proc_sysctl.c).
        try (InputStream in = Files.newInputStream(root.resolve(path)))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).strip();
        }
        catch (final IOException ex)
        {
            return "";
        }
    }
}
