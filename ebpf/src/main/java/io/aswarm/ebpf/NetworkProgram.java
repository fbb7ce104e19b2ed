package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The packet program, loaded with its maps and put on the interfaces. Closing lets go of it here; what is pinned stays
 * in force.
 */
final class NetworkProgram implements AutoCloseable
{
    private static final String OBJECT = "network.bpf.o";
    private static final String PROGRAM = "aswarm_network";

    private final BpfObject object;
    private final int programFd;
    private final byte[] nonce = new byte[SettingsDescriptor.PROBE_NONCE_LENGTH];
    private final List<InterfaceLink> links = new ArrayList<>();

    NetworkProgram(final KernelSensorConfig config) throws KernelException
    {
        final LibBpf.Api bpf = LibBpf.api();
        new PinnedMap(Quarantine.PIN, PinnedMap.TYPE_HASH, 2 * Long.BYTES, QuarantineDescriptor.LENGTH,
            config.quarantineEntriesMax()).requireCompatible(bpf, config.pinDirectory());
        new PinnedMap(KillSwitch.PIN, PinnedMap.TYPE_ARRAY, Integer.BYTES, Long.BYTES, 1)
            .requireCompatible(bpf, config.pinDirectory());

        new SecureRandom().nextBytes(nonce);
        object = BpfObject.open(OBJECT);
        try
        {
            object
                .entriesMax(Quarantine.PIN, config.quarantineEntriesMax())
                .entriesMax("conversations", config.conversationsMax())
                .entriesMax("established", config.conversationsMax())
                .entriesMax("exchanges", config.conversationsMax())
                .entriesMax("events", config.ringBytes())
                .pin(Quarantine.PIN, config.pinDirectory().resolve(Quarantine.PIN))
                .pin(KillSwitch.PIN, config.pinDirectory().resolve(KillSwitch.PIN));
            writeSettings(config);
            object.load(PROGRAM);
            programFd = object.programFd(PROGRAM);

            for (final String each : config.interfaces())
            {
                links.add(InterfaceLink.attach(bpf, config.pinDirectory(), each, config.attachMode(), programFd));
            }
            InterfaceLink.removeOthers(config.pinDirectory(), config.interfaces());
        }
        catch (final KernelException ex)
        {
            links.forEach(InterfaceLink::undo);
            close();
            throw ex;
        }
    }

    int mapFd(final String name) throws KernelException
    {
        return object.mapFd(name);
    }

    /** Runs this program on bytes. */
    ProgramRun newRun() throws KernelException
    {
        return new ProgramRun(LibBpf.api(), programFd);
    }

    VerdictProbe newProbe() throws KernelException
    {
        final LibBpf.Api bpf = LibBpf.api();
        try (BpfInfo info = new BpfInfo(bpf))
        {
            final int result = info.read(programFd);
            if (result < 0)
            {
                throw new KernelException("loaded program can not be examined", -result);
            }
            return new VerdictProbe(nonce, info.id(), newRun(), links);
        }
    }

    @Override
    public void close()
    {
        links.forEach(InterfaceLink::close);
        object.close();
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
