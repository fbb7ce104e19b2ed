package io.aswarm.ebpf;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Network namespaces of one test, named {@code asw-FAMILY-PID-ROLE}. All are removed by {@link #close()}, however far
 * their making came; what a killed run of the same family left is removed by the next one. Not thread-safe.
 */
public final class NamespaceLab implements AutoCloseable
{
    private static final Path NAMESPACES = Path.of("/run/netns");
    private static final long TIMEOUT_S = 60;

    private final String family;
    private final String prefix;
    private final List<String> roles = new ArrayList<>();
    private final List<NetworkNamespace> entered = new ArrayList<>();

    /**
     * An empty lab.
     *
     * @param family of tests, letters only.
     */
    public NamespaceLab(final String family)
    {
        this.family = "asw-" + family + "-";
        this.prefix = this.family + ProcessHandle.current().pid() + "-";
    }

    /**
     * The name of a namespace, there or not.
     *
     * @param role in the test.
     * @return as {@code ip netns list} shows it.
     */
    public String name(final String role)
    {
        return prefix + role;
    }

    /**
     * Make a namespace, its loopback up.
     *
     * @param role in the test.
     * @throws IOException when the kernel refuses.
     */
    public void add(final String role) throws IOException
    {
        if (roles.isEmpty())
        {
            removeOfTheDead();
        }
        run("ip", "netns", "add", name(role));
        roles.add(role);
        ip(role, "link", "set", "lo", "up");
    }

    /**
     * Have a thread in a namespace, which ends with the lab.
     *
     * @param role of the namespace.
     * @return its door.
     * @throws IOException when it is not there.
     */
    public NetworkNamespace enter(final String role) throws IOException
    {
        final NetworkNamespace namespace = NetworkNamespace.open(name(role));
        entered.add(namespace);
        return namespace;
    }

    /**
     * Join two namespaces by a pair of interfaces, both down.
     *
     * @param role       of one.
     * @param device     its end.
     * @param peerRole   of the other.
     * @param peerDevice its end.
     * @throws IOException when the kernel refuses.
     */
    public void wire(final String role, final String device, final String peerRole, final String peerDevice)
        throws IOException
    {
        ip(role, "link", "add", device, "type", "veth", "peer", "name", peerDevice, "netns", name(peerRole));
    }

    /**
     * Run {@code ip} in a namespace.
     *
     * @param role      of the namespace.
     * @param arguments of ip.
     * @return what it said.
     * @throws IOException when it fails.
     */
    public String ip(final String role, final String... arguments) throws IOException
    {
        return run(Stream.concat(Stream.of("ip", "-n", name(role)), Stream.of(arguments)).toArray(String[]::new));
    }

    /**
     * Run a program in a namespace.
     *
     * @param role    of the namespace.
     * @param command name and arguments.
     * @return what it said.
     * @throws IOException when it fails.
     */
    public String exec(final String role, final String... command) throws IOException
    {
        return run(
            Stream.concat(Stream.of("ip", "netns", "exec", name(role)), Stream.of(command)).toArray(String[]::new));
    }

    /** Remove all, also behind one that could not be removed. */
    @Override
    public void close() throws IOException
    {
        entered.forEach(NetworkNamespace::close);
        entered.clear();
        IOException failure = null;
        for (final String role : roles)
        {
            try
            {
                run("ip", "netns", "delete", name(role));
            }
            catch (final IOException ex)
            {
                failure = ex;
            }
        }
        roles.clear();
        if (null != failure)
        {
            throw failure;
        }
    }

    private void removeOfTheDead() throws IOException
    {
        if (!Files.isDirectory(NAMESPACES))
        {
            return;
        }
        final List<String> names;
        try (Stream<Path> files = Files.list(NAMESPACES))
        {
            names = files.map((file) -> file.getFileName().toString()).filter(this::isOfTheDead).toList();
        }
        for (final String name : names)
        {
            run("ip", "netns", "delete", name);
        }
    }

    private boolean isOfTheDead(final String name)
    {
        final String pid = name.startsWith(family) ? name.substring(family.length()).replaceFirst("-.*", "") : "";
        return pid.matches("\\d{1,10}") && ProcessHandle.of(Long.parseLong(pid)).isEmpty();
    }

    private static String run(final String... command) throws IOException
    {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try
        {
            final String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(TIMEOUT_S, TimeUnit.SECONDS) || process.exitValue() != 0)
            {
                throw new IOException(String.join(" ", command) + ": " + said);
            }
            return said;
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException(String.join(" ", command));
        }
        finally
        {
            process.destroyForcibly();
        }
    }
}
