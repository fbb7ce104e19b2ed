package io.aswarm.quorum;

/**
 * The mesh cannot be opened or read: says what is wrong and what to do.
 */
public final class MeshException extends Exception
{
    private static final long serialVersionUID = 1L;

    MeshException(final String message)
    {
        super(message);
    }

    MeshException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
