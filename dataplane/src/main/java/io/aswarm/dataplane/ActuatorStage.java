package io.aswarm.dataplane;

import io.aswarm.actuator.ActuatorAgent;
import io.aswarm.actuator.ActuatorConfig;
import io.aswarm.actuator.ActuatorProxy;
import io.aswarm.actuator.Control;
import io.aswarm.actuator.OutcomeHandler;
import io.aswarm.actuator.Rehearsal;
import io.aswarm.actuator.XdpControl;
import io.aswarm.ebpf.KernelException;
import io.aswarm.ebpf.KernelSensor;
import io.aswarm.quorum.QuorumAgent;
import io.aswarm.trust.SignedOrder;
import org.agrona.concurrent.Agent;

import java.io.IOException;
import java.nio.file.Path;

/**
 * From elevations to containment: the agent that acts and proves, and the switch by which people stop it.
 */
final class ActuatorStage
{
    private final NodeBase base;
    private final Control control;
    private final ActuatorAgent agent;
    private final Wakeup thread = new Wakeup();
    private final EnforcementSwitch enforcement;
    private final SiteOrders siteOrders;
    private final SignedOrder keptOrder;

    ActuatorStage(
        final NodeBase base, final KernelSensor sensor, final OutcomeHandler outcomes, final Wakeup quorumThread)
        throws KernelException, IOException
    {
        final NodeConfig config = base.config();
        this.base = base;
        control = new XdpControl(sensor.quarantine(), sensor.killSwitch(), sensor.verdictProbe());
        agent = new ActuatorAgent(
            new ActuatorConfig(
                base.site().catalog(),
                OwnAddresses.protectedPrefixes(config.mesh().localAddress(), config.mesh().members()),
                config.limits().requests()),
            control,
            base.clock(),
            base.epochClock(),
            outcomes,
            base.counters().actuator());
        final Path orderFile = config.directories().state().resolve("site-order.json");
        keptOrder = SiteOrders.kept(orderFile, base.errorLog());
        final boolean isSuspended = null != keptOrder && SignedOrder.Action.SUSPEND == keptOrder.action();
        enforcement = new EnforcementSwitch(this::order, sensor.killSwitch().isHalted(), isSuspended);
        siteOrders = new SiteOrders(
            orderFile, enforcement, quorumThread, base.eventLog(), base.epochClock(), base.errorLog());
    }

    /** For its thread. Where that sleeps, the quorum's takes its turn. */
    Agent agent(final ThreadPlan.Placement placement)
    {
        return placement.idle().sleeps() ? thread.share(SharedTurn.of(agent, base.errorLog())) : agent;
    }

    ActuatorProxy proxy()
    {
        return agent.proxy();
    }

    Wakeup thread()
    {
        return thread;
    }

    EnforcementSwitch enforcement()
    {
        return enforcement;
    }

    SiteOrders siteOrders()
    {
        return siteOrders;
    }

    /** From now on orders to the whole site are heard and given; the one that was kept over the restart comes first. */
    void connect(final QuorumAgent quorum)
    {
        siteOrders.connect(quorum, keptOrder);
    }

    /** Of actuators with the same catalog that enforce nothing. */
    Rehearsal rehearsal(final OutcomeHandler outcomes)
    {
        return new Rehearsal(base.site().catalog(), control, base.clock(), outcomes);
    }

    private boolean order(final boolean halt, final String who, final long orderId)
    {
        final boolean isTaken = halt ? proxy().halt(who, orderId) : proxy().resume(who, orderId);
        thread.wake();
        return isTaken;
    }
}
