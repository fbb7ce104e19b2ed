package io.aswarm.twinlab;

/**
 * This machine does not let a drill run on its kernel; the message says why in one line.
 */
final class RefusedException extends Exception
{
    private static final long serialVersionUID = 1L;

    RefusedException(final String message)
    {
        super(message);
    }

    RefusedException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
