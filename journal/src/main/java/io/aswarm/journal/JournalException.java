package io.aswarm.journal;

/**
 * The journal cannot be used: says which file, what is wrong and what to do.
 */
public final class JournalException extends Exception
{
    private static final long serialVersionUID = 1L;

    JournalException(final String message)
    {
        super(message);
    }

    JournalException(final String message, final Throwable cause)
    {
        super(message, cause);
    }
}
