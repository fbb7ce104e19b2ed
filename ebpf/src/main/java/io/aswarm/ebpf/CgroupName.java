package io.aswarm.ebpf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a control group stands for.
 *
 * @param path      in the cgroup v2 hierarchy, from its root.
 * @param container id of the container, 64 hexadecimal digits as runtimes make them; empty when it is none.
 * @param unit      of systemd, the innermost service or scope; empty when it is none.
 */
public record CgroupName(String path, String container, String unit)
{
    /* docker-ID.scope, cri-containerd-ID.scope, crio-ID.scope, libpod-ID.scope, or ID alone with the cgroupfs driver */
    private static final Pattern CONTAINER = Pattern.compile("(?:^|/|-|:)([0-9a-f]{64})(?:\\.scope)?(?:/|$)");
    private static final Pattern UNIT = Pattern.compile("([^/]+\\.(?:service|scope))(?=/|$)");

    /**
     * Read a path.
     *
     * @param path in the cgroup v2 hierarchy.
     * @return what it stands for.
     */
    static CgroupName of(final String path)
    {
        return new CgroupName(path, last(CONTAINER.matcher(path)), last(UNIT.matcher(path)));
    }

    private static String last(final Matcher matcher)
    {
        String found = "";
        int from = 0;
        while (matcher.find(from))
        {
            found = matcher.group(1);
            from = matcher.end(1);
        }
        return found;
    }
}
