package io.aswarm.dataplane;

import io.aswarm.ebpf.ConntrackHandler;
import io.aswarm.ebpf.ConntrackSensor;
import io.aswarm.ebpf.ConversationFlyweight;
import io.aswarm.ebpf.ConversationHandler;
import io.aswarm.ebpf.KernelSensor;
import io.aswarm.ebpf.ProcessHandler;
import io.aswarm.sketch.LocalPolicy;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.NanoClock;

/**
 * Reads the kernel's rings and feeds the local policy, on one thread. Owns nothing: sensor and policy are closed by the
 * node after this thread has ended.
 */
final class SensorAgent implements Agent, ConversationHandler
{
    private static final int EVENTS_LIMIT = 1024;
    private static final int SIDE_EVENTS_LIMIT = 64;
    private static final long INTERFACES_INTERVAL_NS = 100_000_000;

    private final KernelSensor sensor;
    private final ConntrackSensor conntrack;
    private final LocalPolicy policy;
    private final BaselineFile baselines;
    private final WatchedInterfaces watched;
    private final NanoClock clock;
    private final Handlers handlers;
    private long lastEventNs;
    private long interfacesPolledNs;

    /**
     * Who gets what is sensed.
     *
     * @param onConversation every conversation.
     * @param onProcess      every process event.
     * @param onConntrack    every event of connection tracking.
     */
    record Handlers(
        ConversationHandler onConversation, ProcessHandler onProcess, ConntrackHandler onConntrack)
    {
    }

    /**
     * Wire sensor and policy.
     *
     * @param sensor    of the kernel.
     * @param conntrack or null.
     * @param policy    told the time.
     * @param baselines of the policy, or null.
     * @param watched   told how interfaces stand, at the start and when one changed.
     * @param handlers  of events, on the way to the policy.
     * @param clock     CLOCK_MONOTONIC, the kernel's own.
     */
    SensorAgent(
        final KernelSensor sensor,
        final ConntrackSensor conntrack,
        final LocalPolicy policy,
        final BaselineFile baselines,
        final WatchedInterfaces watched,
        final Handlers handlers,
        final NanoClock clock)
    {
        this.sensor = sensor;
        this.conntrack = conntrack;
        this.policy = policy;
        this.baselines = baselines;
        this.watched = watched;
        this.handlers = handlers;
        this.clock = clock;
        this.lastEventNs = clock.nanoTime();
        this.interfacesPolledNs = lastEventNs;
    }

    @Override
    public void onStart()
    {
        watched.update(sensor.attachments());
    }

    @Override
    public int doWork()
    {
        // Read before the ring: an answer that came in while it was drained must not count as overdue.
        final long nowNs = clock.nanoTime();
        final int count = sensor.poll(this, EVENTS_LIMIT);
        final int sideCount = sensor.pollProcesses(handlers.onProcess(), SIDE_EVENTS_LIMIT) +
            (null == conntrack ? 0 : conntrack.poll(handlers.onConntrack(), SIDE_EVENTS_LIMIT));
        if (nowNs - interfacesPolledNs >= INTERFACES_INTERVAL_NS)
        {
            interfacesPolledNs = nowNs;
            if (sensor.pollInterfaces() > 0)
            {
                watched.update(sensor.attachments());
            }
        }
        final int tickCount = policy.onTick(count < EVENTS_LIMIT ? nowNs : lastEventNs);
        if (null != baselines)
        {
            baselines.onTick(nowNs);
        }
        // a tick that reached its limit has more to do: no sleep before that
        return count + sideCount + (tickCount < LocalPolicy.TICK_CONTACTS_MAX ? 0 : tickCount);
    }

    @Override
    public void onConversation(final ConversationFlyweight conversation)
    {
        lastEventNs = conversation.timeNs();
        handlers.onConversation().onConversation(conversation);
    }

    @Override
    public void onClose()
    {
        if (null != baselines)
        {
            baselines.save();
        }
    }

    @Override
    public String roleName()
    {
        return "sensor";
    }

    /** Sleeps in epoll on the rings, so that the kernel wakes this thread with the first event. */
    static final class EpollIdle implements IdleStrategy
    {
        private final KernelSensor sensor;
        private final long waitNs;

        EpollIdle(final KernelSensor sensor, final long waitNs)
        {
            this.sensor = sensor;
            this.waitNs = waitNs;
        }

        @Override
        public void idle(final int workCount)
        {
            if (workCount <= 0)
            {
                idle();
            }
        }

        @Override
        public void idle()
        {
            sensor.await(waitNs);
        }

        @Override
        public void reset()
        {
            // keeps no state between two sleeps
        }

        @Override
        public String alias()
        {
            return "epoll";
        }
    }
}
