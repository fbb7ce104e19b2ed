package io.aswarm.dataplane;

/**
 * Adds a command to {@code aswarm} from another jar, found by {@link java.util.ServiceLoader}.
 */
public interface CommandModule
{
    /**
     * The command.
     *
     * @return an object with picocli's {@code @Command} annotation, which names it.
     */
    Object command();
}
