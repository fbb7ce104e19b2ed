package io.aswarm.ebpf;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A sensor on no interface whose program is run on built packets. Where one test wants other settings than its
 * neighbours it calls {@link #open}.
 */
final class KernelFixture extends KernelExtension
{
    private final UnaryOperator<KernelSensorConfig.Builder> settings;
    private KernelSensor sensor;
    private ProgramRun run;

    KernelFixture()
    {
        this(UnaryOperator.identity());
    }

    KernelFixture(final UnaryOperator<KernelSensorConfig.Builder> settings)
    {
        this.settings = settings;
    }

    /** One that is there at once, to be closed by who opens it. */
    static KernelFixture open(final UnaryOperator<KernelSensorConfig.Builder> settings)
        throws KernelException, IOException
    {
        return opened(new KernelFixture(settings));
    }

    static KernelFixture open() throws KernelException, IOException
    {
        return open(UnaryOperator.identity());
    }

    @Override
    void make() throws KernelException
    {
        sensor = KernelSensor.open(settings.apply(
            KernelSensorConfig.builder("test", pinDirectory()).ringBytes(1 << 16)).build());
        run = sensor.newProgramRun();
    }

    KernelSensor sensor()
    {
        return sensor;
    }

    Path pinDirectory()
    {
        return mountPoint().resolve("node");
    }

    /** The verdict on a frame. */
    int send(final byte[] frame)
    {
        run.packet().putBytes(0, frame);
        return run.run(0, frame.length);
    }

    /** The verdict on a frame with metadata in front of it. */
    int send(final byte[] metadata, final byte[] frame)
    {
        run.packet().putBytes(0, metadata);
        run.packet().putBytes(metadata.length, frame);
        return run.run(metadata.length, frame.length);
    }

    /** What the ring holds but for samples, as text: kind, initiator, port, responder, port, and what is unusual. */
    List<String> events()
    {
        return records(false);
    }

    /** Samples that the ring holds, as text. */
    List<String> samples()
    {
        return records(true);
    }

    private List<String> records(final boolean samples)
    {
        final List<String> records = new ArrayList<>();
        sensor.poll(
            (c) ->
            {
                if (samples == (c.kind() == ConversationKind.VOLUME))
                {
                    records.add(describe(c));
                }
            },
            Integer.MAX_VALUE);
        return records;
    }

    /** The sum over CPUs and interfaces of one kind's balance. */
    EventAccount account(final int kind) throws KernelException
    {
        final long[] sums = new long[5];
        for (final EventAccount each : sensor.eventAccounts())
        {
            if (each.kind() == kind)
            {
                sums[0] += each.seen();
                sums[1] += each.delivered();
                sums[2] += each.weighted();
                sums[3] += each.lostRingFull();
                sums[4] += each.lostOverBudget();
            }
        }
        return new EventAccount(0, 0, kind, sums[0], sums[1], sums[2], sums[3], sums[4]);
    }

    static String describe(final ConversationFlyweight c)
    {
        return ConversationKind.name(c.kind()) + " " + c.protocol() + " " +
            IpAddress.format(c.initiatorHigh(), c.initiatorLow()) + " " + c.initiatorPort() + " > " +
            IpAddress.format(c.responderHigh(), c.responderLow()) + " " + c.responderPort() +
            (c.vlan() == 0 ? "" : " vlan " + c.vlan()) +
            (c.weight() == 1 ? "" : " weight " + c.weight()) +
            ((c.flags() & ConversationFlyweight.FLAG_REPEAT) == 0 ? "" : " repeat") +
            ((c.flags() & ConversationFlyweight.FLAG_CONTAINED) == 0 ? "" : " contained") +
            ((c.flags() & ConversationFlyweight.FLAG_FROM_RESPONDER) == 0 ? "" : " from responder") +
            ((c.flags() & ConversationFlyweight.FLAG_UNORIENTED) == 0 ? "" : " unoriented") +
            ((c.flags() & ConversationFlyweight.FLAG_TUNNEL) == 0 ? "" : " tunnel") +
            ((c.flags() & ConversationFlyweight.FLAG_SOURCES_VARY) == 0 ? "" : " sources vary") +
            ((c.flags() & ConversationFlyweight.FLAG_AIMS_VARY) == 0 ? "" : " aims vary");
    }

    long count(final SensorCounter counter) throws KernelException
    {
        return sensor.account().get(counter);
    }

    @Override
    void end()
    {
        if (run != null)
        {
            run.close();
        }
        if (sensor != null)
        {
            sensor.close();
        }
    }
}
