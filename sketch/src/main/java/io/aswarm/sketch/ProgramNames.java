package io.aswarm.sketch;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What is known of programs by the last part of their path. A version or an addition after the name does not hide it:
 * {@code php-fpm7.4} is php-fpm, {@code bash-static} a shell.
 * <p>
 * The services are those of Falco's rules "Run shell untrusted" and "DB program spawned process"
 * (falcosecurity/rules, falco_rules.yaml) that have no business with shells: what runs applications for others
 * (Java, Node, Erlang, mail delivery) is not among them, for it starts shells as a matter of course.
 */
final class ProgramNames
{
    private static final long[] TOOLS = keys(
        "nc", "ncat", "netcat", "nc.openbsd", "nc.traditional", "nmap", "masscan", "zmap", "socat", "telnet", "ftp",
        "tftp", "wget", "curl", "scp", "ssh", "sftp", "rsync", "hydra", "medusa", "chisel", "proxychains", "tcpdump");
    private static final long[] SHELLS = keys(
        "sh", "bash", "dash", "zsh", "ksh", "ash", "busybox", "fish", "csh", "tcsh");
    private static final long[] SERVICES = keys(
        "nginx", "httpd", "apache2", "lighttpd", "caddy", "php-fpm", "tomcat", "catalina.sh", "mysqld", "mariadbd",
        "postgres", "redis-server", "mongod", "memcached", "named", "dnsmasq", "vsftpd", "proftpd", "squid", "haproxy",
        "envoy", "cgid");
    private static final long[] LAUNCHERS = keys(
        "slurmstepd", "slurmd", "srun", "kubelet", "containerd-shim", "containerd-shim-runc-v2", "containerd",
        "dockerd", "runc", "crun", "conmon", "crio", "systemd", "init", "cron", "crond", "anacron", "pbs_mom",
        "condor_starter", "mpirun", "orted", "prted", "hydra_pmi_proxy", "torchrun", "ray", "raylet");
    private static final long[] LOGINS = keys(
        "sshd", "sshd-session", "dropbear", "login", "in.telnetd", "telnetd", "rshd", "rexecd", "xrdp",
        "xrdp-sesman", "gnome-terminal-server", "tmux", "screen", "jupyter-lab", "jupyter-notebook", "code-server");

    private ProgramNames()
    {
    }

    static boolean isTool(final byte[] path, final int length)
    {
        return isIn(TOOLS, path, nameStart(path, length), length);
    }

    static boolean isShell(final byte[] path, final int length)
    {
        final int start = nameStart(path, length);
        int end = start;
        while (end < length && path[end] >= 'a' && path[end] <= 'z')
        {
            end++;
        }
        return isIn(SHELLS, path, start, end);
    }

    /** A program that serves and has no business with shells. */
    static boolean isService(final byte[] path, final int length)
    {
        final int start = nameStart(path, length);
        int end = length;
        // digits and points; a slash comes between them and is never in a name
        while (end > start && path[end - 1] >= '.' && path[end - 1] <= '9')
        {
            end--;
        }
        return isIn(SERVICES, path, start, length) || isIn(SERVICES, path, start, end);
    }

    /** A program that starts what others order: whatever it starts is somebody else's. */
    static boolean isLauncher(final byte[] path, final int length)
    {
        return isIn(LAUNCHERS, path, nameStart(path, length), length);
    }

    /** A program by which people come in: shells are what it is for. */
    static boolean isLogin(final byte[] path, final int length)
    {
        return isIn(LOGINS, path, nameStart(path, length), length);
    }

    private static int nameStart(final byte[] bytes, final int length)
    {
        int start = length;
        while (start > 0 && bytes[start - 1] != '/')
        {
            start--;
        }
        return start;
    }

    private static boolean isIn(final long[] keys, final byte[] path, final int from, final int to)
    {
        return to > from && Arrays.binarySearch(keys, LineageTest.binaryKey(path, from, to)) >= 0;
    }

    private static long[] keys(final String... names)
    {
        final long[] keys = new long[names.length];
        for (int i = 0; i < names.length; i++)
        {
            final byte[] name = names[i].getBytes(StandardCharsets.US_ASCII);
            keys[i] = LineageTest.binaryKey(name, 0, name.length);
        }
        Arrays.sort(keys);
        return keys;
    }
}
