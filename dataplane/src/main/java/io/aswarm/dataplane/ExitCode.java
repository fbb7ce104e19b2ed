package io.aswarm.dataplane;

/**
 * What the command's exit status says. The same list stands in {@code aswarm --help}.
 */
public final class ExitCode
{
    /** Done, nothing wrong found. */
    public static final int OK = 0;
    /** The command ran and its answer is negative: a fault was found, a target missed. */
    public static final int NEGATIVE = 1;
    /** Wrong usage, or a file given as input cannot be believed. */
    public static final int USAGE = 2;
    /** This machine refuses: permissions, kernel features, interfaces, a path in use. */
    public static final int ENVIRONMENT = 3;
    /** No running node answers. */
    public static final int NO_NODE = 4;
    /** A defect of this program. */
    public static final int INTERNAL = 5;

    private ExitCode()
    {
    }
}
