package io.aswarm.dataplane;

import java.util.List;

/**
 * A configuration that will not be started: every fault that was found, each with file, line, what is wrong and what is
 * allowed.
 */
public final class ConfigException extends Exception
{
    private static final long serialVersionUID = 1L;

    private final List<String> faults;

    ConfigException(final List<String> faults)
    {
        super(String.join("\n", faults));
        this.faults = List.copyOf(faults);
    }

    /**
     * All faults, in the order in which they were found.
     *
     * @return at least one fault.
     */
    public List<String> faults()
    {
        return faults;
    }
}
