package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.KernelSensor;
import io.aswarm.trust.DocumentException;
import org.agrona.concurrent.SystemEpochClock;
import org.agrona.concurrent.SystemNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.CountersManager;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/**
 * An actuator over the loaded program, driven by hand. As a process of its own: contains one address, says so, and
 * waits to be killed.
 */
final class KernelNode
{
    /** Whether an interface carries the program is asked in the network namespace of the interface. */
    interface Place
    {
        <T> T call(Callable<T> work) throws IOException;
    }

    final List<Outcome> outcomes = new ArrayList<>();
    final ActuatorAgent agent;
    private final Place place;

    KernelNode(final KernelSensor sensor, final String ttl, final Place place) throws DocumentException, IOException
    {
        this(sensor, Catalog.parse("catalog", Bench.yaml("1", 10, 1_000).replace("ttl: 30s", "ttl: " + ttl)), place);
    }

    KernelNode(final KernelSensor sensor, final Catalog catalog, final Place place) throws IOException
    {
        this.place = place;
        final CountersManager manager = new CountersManager(
            new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16)), new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 14)));
        agent = new ActuatorAgent(
            new ActuatorConfig(catalog, List.of(), ActuatorConfig.REQUESTS_MAX_DEFAULT),
            new XdpControl(sensor.quarantine(), sensor.killSwitch(), sensor.verdictProbe()),
            SystemNanoClock.INSTANCE,
            SystemEpochClock.INSTANCE,
            outcomes::add,
            (counter) -> manager.newCounter(counter.label()));
        place.call(() ->
        {
            agent.onStart();
            return null;
        });
    }

    Outcome contain(final String subject) throws IOException
    {
        return ask("port-scan", subject, Role.SOURCE, Bench.VERIFIED, Aim.MANY);
    }

    Outcome ask(
        final String scenario, final String subject, final Role role, final int verification, final Aim aim)
        throws IOException
    {
        agent.proxy().offer(new ActRequest(
            7, scenario, IpAddress.parse(subject), role, verification, aim, 12.5, System.nanoTime()));
        return awaitNext();
    }

    /** Work until there is one more outcome. */
    Outcome awaitNext() throws IOException
    {
        final int before = outcomes.size();
        final long giveUpNs = System.nanoTime() + 20_000_000_000L;
        return place.call(() ->
        {
            while (outcomes.size() == before)
            {
                if (System.nanoTime() - giveUpNs > 0)
                {
                    throw new IOException("no outcome within 20 s after " + outcomes);
                }
                agent.doWork();
                Thread.onSpinWait();
            }
            return outcomes.get(before);
        });
    }

    /**
     * Contain and wait.
     *
     * @param arguments pin directory, address, ttl.
     * @throws Exception when the kernel refuses.
     */
    public static void main(final String[] arguments) throws Exception
    {
        final KernelSensor sensor = GatewayFixture.openSensor(Path.of(arguments[0]));
        final Outcome outcome = new KernelNode(sensor, arguments[2], KernelNode::here).contain(arguments[1]);
        System.out.println(outcome.kind() + " " + outcome.actId() + " " + outcome.deadlineNs());
        Thread.currentThread().join();
    }

    private static <T> T here(final Callable<T> work) throws IOException
    {
        try
        {
            return work.call();
        }
        catch (final Exception ex)
        {
            throw new IOException(ex);
        }
    }
}
