package io.aswarm.dataplane;

import io.aswarm.actuator.ActuatorAgent;
import io.aswarm.quorum.QuorumAgent;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * An agent whose urgent work is done by the thread that brings it, while the agent's own thread sleeps: to wake that
 * costs more than to decide or to contain. What can wait, proof and signature first, stays with its thread.
 * <p>
 * Assumptions: one thread calls {@link #doWork()}; who calls {@link #take()} has put its work where the agent finds it.
 * Guarantees: one thread at a time is in the agent, and sees what the one before it did. Progress: {@code take} never
 * waits; the agent's own thread waits for the end of an urgent turn, which is short.
 */
final class SharedTurn implements Agent
{
    private final Agent agent;
    private final BooleanSupplier urgent;
    private final ErrorHandler errorHandler;
    private final ReentrantLock turn = new ReentrantLock();
    private boolean isOpen;

    /** In a site of one, signals are decided on by the thread that brings them. */
    static SharedTurn of(final QuorumAgent agent, final ErrorHandler errorHandler)
    {
        return new SharedTurn(agent, agent::decideAlone, errorHandler);
    }

    /** Who was decided on is contained by the thread that decided. */
    static SharedTurn of(final ActuatorAgent agent, final ErrorHandler errorHandler)
    {
        return new SharedTurn(agent, agent::contain, errorHandler);
    }

    /**
     * Share an agent.
     *
     * @param agent        as its own thread calls it.
     * @param urgent       part of its duty cycle; true if it left nothing that the agent's own thread should be woken
     *                     for.
     * @param errorHandler told why an urgent turn failed, which is no fault of who brought the work.
     */
    SharedTurn(final Agent agent, final BooleanSupplier urgent, final ErrorHandler errorHandler)
    {
        this.agent = agent;
        this.urgent = urgent;
        this.errorHandler = errorHandler;
    }

    /**
     * Do what is urgent here and now; any thread.
     *
     * @return false if the agent's own thread is to be woken: it is in its turn or has not had its first, or there is
     * more to do.
     */
    boolean take()
    {
        if (!turn.tryLock())
        {
            return false;
        }
        try
        {
            return isOpen && urgent.getAsBoolean();
        }
        catch (final RuntimeException ex)
        {
            errorHandler.onError(ex);
            return false;
        }
        finally
        {
            turn.unlock();
        }
    }

    @Override
    public void onStart()
    {
        agent.onStart();
    }

    @Override
    public int doWork() throws Exception
    {
        turn.lock();
        try
        {
            isOpen = true;
            return agent.doWork();
        }
        finally
        {
            turn.unlock();
        }
    }

    @Override
    public void onClose()
    {
        turn.lock();
        try
        {
            isOpen = false;
            agent.onClose();
        }
        finally
        {
            turn.unlock();
        }
    }

    @Override
    public String roleName()
    {
        return agent.roleName();
    }
}
