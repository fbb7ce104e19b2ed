package io.aswarm.dataplane;

import io.aswarm.trust.SignedOrder;

import java.util.concurrent.TimeUnit;

/**
 * The two who may stop enforcement on this node: somebody at the node, and the operators for the whole site. It runs
 * only while neither does, so that the end of the one does not undo the other. Any thread; orders go on in the order in
 * which they came.
 */
final class EnforcementSwitch
{
    /** The actuator's ear for orders. */
    @FunctionalInterface
    interface Outlet
    {
        boolean order(boolean halt, String who, long orderId);
    }

    private final Outlet actuator;
    private boolean isHaltedByHand;
    private boolean isSuspendedBySite;

    /**
     * A switch as a start finds it.
     *
     * @param actuator          to be told.
     * @param isHalted          whether the kernel's switch is off.
     * @param isSuspendedBySite whether it was by an order to the whole site, in force or not by now.
     */
    EnforcementSwitch(
        final Outlet actuator,
        final boolean isHalted,
        final boolean isSuspendedBySite)
    {
        this.actuator = actuator;
        this.isHaltedByHand = isHalted && !isSuspendedBySite;
        this.isSuspendedBySite = isSuspendedBySite;
    }

    /** Order by somebody at this node; null when it was taken, else why not. */
    synchronized String byHand(final boolean halt, final String who, final long orderId)
    {
        if (!halt && isSuspendedBySite)
        {
            return "the operators have suspended the whole site; allowed: an order of two of them to resume it, " +
                "see aswarm order";
        }
        isHaltedByHand = halt;
        return actuator.order(halt, who, orderId) ? null :
            "the actuator's queue of orders is full; the kernel switch is not affected";
    }

    /** An order of the operators came into force, or ended by its time where it is null. */
    synchronized void bySite(final SignedOrder order, final boolean isSuspended, final long nowMs)
    {
        final boolean hasChanged = isSuspendedBySite != isSuspended;
        isSuspendedBySite = isSuspended;
        if (isSuspended || (hasChanged && !isHaltedByHand))
        {
            actuator.order(isSuspended, null == order ? "the end of the operators' order" :
                "site order " + order.id() + " of " + String.join(", ", order.signers()) + " (" + order.reason() + ")",
                null == order ? nowMs : TimeUnit.NANOSECONDS.toMillis(order.issuedEpochNs()));
        }
    }
}
