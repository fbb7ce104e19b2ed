package io.aswarm.trust;

import org.junit.jupiter.api.Assumptions;

import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where the published vectors lie: the folder that {@code ASWARM_VECTORS} names, else {@code ../shared/vectors} beside
 * the checkout. They are not part of the repository.
 */
final class Vectors
{
    private Vectors()
    {
    }

    /** The path of a vector file or folder; skips the test, saying why, where there are no vectors. */
    static Path require(final String name)
    {
        final String configured = System.getenv("ASWARM_VECTORS");
        // surefire runs in the module's folder, whose parent is the checkout
        final Path folder = null == configured ?
            Path.of("").toAbsolutePath().getParent().resolve("../shared/vectors").normalize() : Path.of(configured);
        final Path file = folder.resolve(name);
        Assumptions.assumeTrue(Files.exists(file),
            () -> "no vectors at " + file + ": set ASWARM_VECTORS to their folder");
        return file;
    }
}
