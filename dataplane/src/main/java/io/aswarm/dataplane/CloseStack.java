package io.aswarm.dataplane;

import org.agrona.ErrorHandler;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Closes what was opened, last first; a failure does not keep the others open.
 */
final class CloseStack implements AutoCloseable
{
    private final Deque<AutoCloseable> stack = new ArrayDeque<>();
    private final ErrorHandler errorHandler;

    CloseStack(final ErrorHandler errorHandler)
    {
        this.errorHandler = errorHandler;
    }

    <T extends AutoCloseable> T add(final T resource)
    {
        stack.push(resource);
        return resource;
    }

    @Override
    public void close()
    {
        while (!stack.isEmpty())
        {
            try
            {
                stack.pop().close();
            }
            catch (final Exception ex)
            {
                errorHandler.onError(ex);
            }
        }
    }
}
