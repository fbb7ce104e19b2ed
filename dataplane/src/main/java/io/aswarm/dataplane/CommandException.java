package io.aswarm.dataplane;

/**
 * Ends a command with an exit status and one line: what is wrong, where, and what to do.
 */
public final class CommandException extends Exception
{
    private static final long serialVersionUID = 1L;

    private final int exitCode;

    /**
     * End a command.
     *
     * @param exitCode of {@link ExitCode}.
     * @param message  one line.
     */
    public CommandException(final int exitCode, final String message)
    {
        super(message);
        this.exitCode = exitCode;
    }

    /**
     * Exit status.
     *
     * @return of {@link ExitCode}.
     */
    public int exitCode()
    {
        return exitCode;
    }
}
