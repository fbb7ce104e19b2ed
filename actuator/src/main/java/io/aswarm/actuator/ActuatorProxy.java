package io.aswarm.actuator;

import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Speaks to an actuator from other threads, as many as there are. Nothing waits: what does not fit is counted and
 * refused to the caller. Orders have a queue of their own, so that no flood of requests stands before a halt.
 */
public final class ActuatorProxy
{
    private static final int ORDERS_MAX = 64;

    /** An operator's word on the kill switch. */
    record Order(boolean halt, String by, long orderId)
    {
    }

    private final ManyToOneConcurrentArrayQueue<ActRequest> requests;
    private final ManyToOneConcurrentArrayQueue<Order> orders = new ManyToOneConcurrentArrayQueue<>(ORDERS_MAX);
    private final AtomicCounter full;

    ActuatorProxy(final int requestsMax, final AtomicCounter full)
    {
        this.requests = new ManyToOneConcurrentArrayQueue<>(requestsMax);
        this.full = full;
    }

    /**
     * Ask for the act that answers an elevation.
     *
     * @param request to be judged by the guardrails; it ends in at least one outcome.
     * @return false when the queue is full.
     */
    public boolean offer(final ActRequest request)
    {
        return counted(requests.offer(request));
    }

    /**
     * Order that nothing is enforced and nothing starts.
     *
     * @param by      who orders it, as certificates will say.
     * @param orderId of the order.
     * @return false when the queue is full.
     */
    public boolean halt(final String by, final long orderId)
    {
        return counted(orders.offer(new Order(true, by, orderId)));
    }

    /**
     * Order the end of a halt. Entries whose time is not over are enforced again.
     *
     * @param by      who orders it, as certificates will say.
     * @param orderId of the order.
     * @return false when the queue is full.
     */
    public boolean resume(final String by, final long orderId)
    {
        return counted(orders.offer(new Order(false, by, orderId)));
    }

    ActRequest pollRequest()
    {
        return requests.poll();
    }

    Order pollOrder()
    {
        return orders.poll();
    }

    boolean hasOrders()
    {
        return !orders.isEmpty();
    }

    private boolean counted(final boolean accepted)
    {
        if (!accepted)
        {
            full.increment();
        }
        return accepted;
    }
}
