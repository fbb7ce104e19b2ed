package io.aswarm.trust;

import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * A document that will not be believed: says which file, which line, what is wrong and what is allowed there.
 */
public final class DocumentException extends Exception
{
    private static final long serialVersionUID = 1L;

    /**
     * A fault at a place.
     *
     * @param source of the document, a file or another name for it.
     * @param line   counted from 1, or 0 where no line is meant.
     * @param what   is wrong, and what is allowed.
     */
    public DocumentException(final Object source, final int line, final String what)
    {
        super(source + (line > 0 ? ":" + line : "") + ": " + what);
    }

    private DocumentException(final String message, final Throwable cause)
    {
        super(message, cause);
    }

    /**
     * A file that could not be read at all.
     *
     * @param file  which was asked for.
     * @param cause of the failure.
     * @return the exception to be thrown.
     */
    public static DocumentException unreadable(final Path file, final Exception cause)
    {
        final String why = cause instanceof NoSuchFileException ? "no such file" :
            cause instanceof AccessDeniedException ? "permission denied" : String.valueOf(cause.getMessage());
        return new DocumentException(file + ": cannot be read: " + why, cause);
    }
}
