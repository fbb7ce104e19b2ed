package io.aswarm.twinlab;

import io.aswarm.ebpf.PacketSocket;

import java.io.IOException;
import java.util.concurrent.locks.LockSupport;

/**
 * Sends the frames of one run from the attacker's namespace: the opening at its rate, then the same targets again at a
 * low steady rate, until told to stop. The source address is on no interface, so no kernel answers the replies.
 * <p>
 * Runs on a thread of its own, started by {@link #start()}.
 */
final class Attacker implements AutoCloseable
{
    private static final long SECOND_NS = 1_000_000_000L;
    private static final int SOURCE_PORT = 40_000;
    private static final int SOURCE_PORTS = 20_000;

    private final PacketSocket socket;
    private final AttackPlan plan;
    private final byte[] source;
    private final ProbeLog log;
    private final TcpFrame frame = new TcpFrame();
    private final byte[][] gatewayMac = new byte[RackPlan.RACKS + 1][];
    private final byte[] attackerMac = RackPlan.macBytes(RackPlan.attackerMac());
    private final Thread thread;
    private int openingCount;
    private volatile int repeatLimit = ProbeLog.CAPACITY;
    private volatile boolean steady;
    private volatile boolean stopped;
    private volatile IOException failure;

    /**
     * Prepare a run.
     *
     * @param socket in the attacker's namespace.
     * @param plan   of the probes.
     * @param source address, 4 or 16 bytes.
     * @param log    that gets every frame.
     */
    Attacker(final PacketSocket socket, final AttackPlan plan, final byte[] source, final ProbeLog log)
    {
        this.socket = socket;
        this.plan = plan;
        this.source = source.clone();
        this.log = log;
        for (int rack = 1; rack <= RackPlan.RACKS; rack++)
        {
            gatewayMac[rack] = RackPlan.macBytes(RackPlan.gatewayMac(rack));
        }
        thread = new Thread(this::send, "attacker");
        thread.setDaemon(true);
    }

    void start()
    {
        thread.start();
    }

    /**
     * The opening has done its work: go on with the steady rate.
     *
     * @param limit repeat only probes with numbers below: what came later met a containment, so to the gateway it
     *              would be a first contact when the containment is over, and new evidence.
     */
    void steady(final int limit)
    {
        repeatLimit = limit;
        steady = true;
    }

    /**
     * Stop and wait for the thread.
     *
     * @throws IOException when sending failed.
     */
    void stop() throws IOException
    {
        close();
        if (null != failure)
        {
            throw failure;
        }
    }

    @Override
    public void close()
    {
        stopped = true;
        LockSupport.unpark(thread);
        try
        {
            thread.join(SECOND_NS / 1_000_000);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
    }

    private void send()
    {
        try
        {
            long dueNs = System.nanoTime();
            while (!stopped && !log.isFull())
            {
                final boolean opening = !steady && log.count() < plan.openingLength();
                sendNext(opening);
                final int rate = opening ? plan.scenario().openingPerSecond() : plan.scenario().steadyPerSecond();
                // behind schedule after a stall: do not catch up in a burst, which would be another attack
                dueNs = Math.max(dueNs + SECOND_NS / rate, System.nanoTime() - SECOND_NS / rate);
                park(dueNs);
            }
        }
        catch (final IOException ex)
        {
            failure = ex;
        }
    }

    private void sendNext(final boolean opening) throws IOException
    {
        final int number = log.count();
        openingCount = opening ? number + 1 : openingCount;
        // the steady part repeats probes of the opening to the port: first contacts would be new evidence
        final int original = opening ? number : number % plan.wholeRounds(Math.min(openingCount, repeatLimit));
        final AttackPlan.Target target = plan.target(original);
        frame.link(gatewayMac[target.rack()], attackerMac);
        final int sourcePort = SOURCE_PORT + original % SOURCE_PORTS;
        final int length = frame.write(
            source, target.address(), sourcePort, target.port(), log.sequence(number), TcpFrame.SYN);
        log.sending(target.rack(), System.nanoTime());
        if (!socket.send(frame.buffer(), length))
        {
            log.unsent();
        }
    }

    private void park(final long dueNs)
    {
        long remainingNs = dueNs - System.nanoTime();
        while (remainingNs > 0 && !stopped)
        {
            LockSupport.parkNanos(this, remainingNs);
            remainingNs = dueNs - System.nanoTime();
        }
    }
}
