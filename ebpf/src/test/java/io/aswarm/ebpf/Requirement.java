package io.aswarm.ebpf;

import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a test needs of the machine beyond a JVM. Without it the test is skipped and says why; and it fails where
 * {@code ASWARM_REQUIRE_KERNEL=1} says, as it does in CI, that nothing is missing: nobody would notice the skip.
 */
public final class Requirement
{
    private static final String REQUIRE = "ASWARM_REQUIRE_KERNEL";

    private Requirement()
    {
    }

    /**
     * Something holds.
     *
     * @param isMet     whether it does.
     * @param otherwise why the test cannot run without it, and what to do.
     */
    public static void met(final boolean isMet, final String otherwise)
    {
        met(isMet, otherwise, "1".equals(System.getenv(REQUIRE)));
    }

    /**
     * A program is installed.
     *
     * @param name        of it.
     * @param packageName of Debian's package that has it.
     */
    public static void tool(final String name, final String packageName)
    {
        // where administrators' programs are is not in everybody's PATH
        met(Stream.of((System.getenv("PATH") + ":/usr/sbin:/sbin").split(":"))
            .anyMatch((at) -> Files.isExecutable(Path.of(at, name))), missing(name, packageName));
    }

    /**
     * One of these files is there.
     *
     * @param files       where it may be.
     * @param packageName of Debian's package that has it.
     * @return the first that is.
     */
    public static Path file(final List<Path> files, final String packageName)
    {
        final Path found = files.stream().filter(Files::isReadable).findFirst().orElse(null);
        met(null != found, missing(files.get(0).getFileName().toString(), packageName));
        return found;
    }

    static void met(final boolean isMet, final String otherwise, final boolean isRequired)
    {
        if (!isMet && isRequired)
        {
            Assertions.fail(REQUIRE + "=1, but " + otherwise);
        }
        Assumptions.assumeTrue(isMet, otherwise);
    }

    private static String missing(final String what, final String packageName)
    {
        return what + " is missing: apt-get install " + packageName;
    }
}
