package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.nio.file.Path;
import java.security.SecureRandom;

/**
 * The packet program, loaded with its maps and put on the interfaces. Closing lets go of it here; what is pinned stays
 * in force.
 */
final class NetworkProgram implements AutoCloseable
{
    private static final String OBJECT = "network.bpf.o";

    private final BpfObject object;
    private final LoadedPrograms programs;
    private final Quarantine quarantine;
    private final byte[] nonce = new byte[SettingsDescriptor.PROBE_NONCE_LENGTH];
    private final InterfaceLinks links;

    NetworkProgram(final KernelSensorConfig config) throws KernelException
    {
        final LibBpf.Api bpf = LibBpf.api();
        final Path pins = config.pinDirectory();
        final QuarantineMigration migration = new QuarantineMigration(bpf, pins, config.quarantineEntriesMax());
        final PinnedMap control = PinnedMap.find(bpf, pins, KillSwitch.PIN);
        if (control != null)
        {
            new PinnedMap(KillSwitch.PIN, PinnedMap.TYPE_ARRAY, Integer.BYTES, Long.BYTES, 1)
                .requireSame(control, pins.resolve(KillSwitch.PIN));
        }

        new SecureRandom().nextBytes(nonce);
        object = BpfObject.open(OBJECT);
        try
        {
            object
                .entriesMax(QuarantineActs.PIN, config.quarantineEntriesMax())
                .entriesMax(QuarantineIndex.HOSTS, config.quarantineEntriesMax())
                .entriesMax(QuarantineIndex.NETS, config.quarantineEntriesMax())
                .entriesMax("conversations", config.conversationsMax())
                .entriesMax("established", config.conversationsMax())
                .entriesMax("exchanges", config.conversationsMax())
                .entriesMax("events", config.ringBytes())
                .pin(KillSwitch.PIN, pins.resolve(KillSwitch.PIN));
            if (migration.isPinFit())
            {
                object.pin(QuarantineActs.PIN, pins.resolve(QuarantineActs.PIN));
            }
            writeSettings(config);
            object.load(Door.XDP.program(), Door.INGRESS.program(), Door.EGRESS.program());
            programs = new LoadedPrograms(bpf, object);

            quarantine = openQuarantine(bpf, migration, config.quarantineEntriesMax());
            quarantine.adopt();
            links = new InterfaceLinks(bpf, config, programs);
            links.attachAll(config);
            InterfaceLink.removeOthers(pins, config.interfaces());
            TcFilter.removeOthers(pins, links.indexes());
            migration.finish(object.mapFd(QuarantineActs.PIN));
        }
        catch (final KernelException ex)
        {
            abandon();
            throw ex;
        }
    }

    /** All that is contained, in force before the program was attached. */
    Quarantine quarantine()
    {
        return quarantine;
    }

    int mapFd(final String name) throws KernelException
    {
        return object.mapFd(name);
    }

    int programFd(final String name) throws KernelException
    {
        return object.programFd(name);
    }

    /** Where the programs are. */
    InterfaceLinks links()
    {
        return links;
    }

    /** Runs the program of a door on bytes. */
    ProgramRun newRun(final Door door) throws KernelException
    {
        return new ProgramRun(LibBpf.api(), programs.fd(door));
    }

    VerdictProbe newProbe() throws KernelException
    {
        return new VerdictProbe(nonce, newRun(Door.XDP), newRun(Door.INGRESS), links);
    }

    @Override
    public void close()
    {
        if (links != null)
        {
            links.close();
        }
        if (quarantine != null)
        {
            quarantine.close();
        }
        object.close();
    }

    /** After a start that failed: what was attached is taken off again. */
    private void abandon()
    {
        if (links != null)
        {
            links.undo();
        }
        close();
    }

    private Quarantine openQuarantine(
        final LibBpf.Api bpf, final QuarantineMigration migration, final int entriesMax) throws KernelException
    {
        final QuarantineActs acts = new QuarantineActs(object.mapFd(QuarantineActs.PIN), entriesMax);
        try
        {
            migration.carryInto(acts);
            return new Quarantine(acts, new QuarantineIndex(
                bpf, object.mapFd(QuarantineIndex.HOSTS), object.mapFd(QuarantineIndex.NETS),
                object.mapFd(QuarantineIndex.CENSUS), nonce, acts));
        }
        catch (final KernelException ex)
        {
            acts.close();
            throw ex;
        }
    }

    private void writeSettings(final KernelSensorConfig config) throws KernelException
    {
        final UnsafeBuffer settings = new UnsafeBuffer(
            object.constants(SettingsDescriptor.LENGTH), SettingsDescriptor.LENGTH);
        settings.putBytes(SettingsDescriptor.PROBE_NONCE_OFFSET, nonce);
        settings.putLong(SettingsDescriptor.BURST_WINDOW_NS_OFFSET, config.burstWindowNs());
        settings.putInt(SettingsDescriptor.BURST_RECORDS_MAX_OFFSET, config.burstRecordsMax());
        settings.putInt(SettingsDescriptor.RING_RECORDS_MAX_OFFSET, SettingsDescriptor.ringRecordsMax(
            config.ringBytes(), LibBpf.api().libbpf_num_possible_cpus()));
    }
}
