package io.aswarm.dataplane;

import io.aswarm.ebpf.EgressMode;
import io.aswarm.ebpf.IpPrefix;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.quorum.MeshConfig;
import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.LocalPolicyConfig;
import io.aswarm.sketch.Site;
import io.aswarm.sketch.VerificationConfig;
import io.aswarm.trust.DocumentException;

import java.nio.file.Path;
import java.util.List;

/**
 * One node's configuration, whole and checked. Relative paths are taken from the directory of the file, so that a
 * configuration can be moved together with what it names. Every key is documented in {@code node.example.yaml}.
 *
 * @param source        file it was read from.
 * @param node          name of this node as in the roster.
 * @param roster        file of the site's nodes and operators.
 * @param key           file of this node's private key; null where a token has all of it.
 * @param token         that has the classical half of this node's key, or null for none.
 * @param catalog       file of acts.
 * @param signature     file of an operator's signature over the catalog.
 * @param directories   where state is kept.
 * @param interfaces    which are watched and enforced.
 * @param sensors       of the kernel.
 * @param mesh          to the other nodes.
 * @param detection     error rates and exemptions.
 * @param elevation     table in force: the shipped one, with the configured rows in place of its own.
 * @param baselines     file of what was learned of the hosts, or null for none.
 * @param eventLog      file of JSON lines, or null for none.
 * @param controlSocket of {@code aswarm halt}, {@code resume} and {@code status}.
 * @param threads       as configured, before the machine is looked at.
 * @param limits        of queues and maps.
 */
public record NodeConfig(
    Path source,
    String node,
    Path roster,
    Path key,
    Token token,
    Path catalog,
    Path signature,
    Directories directories,
    List<Interface> interfaces,
    Sensors sensors,
    Mesh mesh,
    Detection detection,
    ElevationTable elevation,
    Path baselines,
    Path eventLog,
    Path controlSocket,
    Threads threads,
    Limits limits)
{
    private static final int STREAM_ID = 1077;

    /**
     * Where the node keeps things.
     *
     * @param state   small files that survive a restart.
     * @param journal of certificates.
     * @param aeron   media driver's memory-mapped files, best on tmpfs.
     * @param pins    kernel maps and links; must lie on a bpf file system.
     */
    public record Directories(Path state, Path journal, Path aeron, Path pins)
    {
    }

    /**
     * A PKCS#11 token with this node's key of P-256.
     *
     * @param library module that speaks for it.
     * @param slot    place in the module's list of slots.
     * @param label   of the key.
     * @param pinFile with the user's PIN.
     */
    public record Token(Path library, int slot, String label, Path pinFile)
    {
        @Override
        public String toString()
        {
            return library + " slot " + slot + " key \"" + label + "\"";
        }
    }

    /**
     * An interface to be watched.
     *
     * @param name         of the interface.
     * @param mode         auto, native, generic or tc.
     * @param verification proofs that count for sources that come in here, bits.
     */
    public record Interface(String name, String mode, int verification)
    {
    }

    /**
     * What is read from the kernel.
     *
     * @param conntrack  connection tracking events as well.
     * @param processes  program starts as well.
     * @param egress     whether what this host itself sends is seen.
     * @param ringBytes  of the ring between kernel and node, a power of two.
     * @param waitNs     longest sleep of the sensor thread; overdue answers are noticed this late at most.
     */
    public record Sensors(
        boolean conntrack, boolean processes, EgressMode egress, int ringBytes, long waitNs)
    {
    }

    /**
     * The mesh between the nodes of a site.
     *
     * @param localAddress         of the interface the mesh runs on, null for none: a site of one node.
     * @param group                multicast group, last octet odd (Aeron answers on the even one above).
     * @param port                 UDP port.
     * @param hopsMax              hops that multicast may take.
     * @param members              addresses of all nodes where multicast is not offered; empty for multicast.
     * @param budgetBytesPerSecond most bytes of deposits that this node sends.
     * @param halfLifeNs           after which a deposit counts half.
     * @param presenceNs           between heartbeats.
     */
    public record Mesh(
        String localAddress, String group, int port, int hopsMax, List<String> members, int budgetBytesPerSecond,
        long halfLifeNs, long presenceNs)
    {
        /** The media driver's part of it; a site of one opens no socket. */
        MeshConfig toMeshConfig(final Path directory, final int nodes)
        {
            return null == localAddress || nodes < 2 ? MeshConfig.alone(directory) : new MeshConfig(
                directory, members.isEmpty() ? group : null, port, localAddress, hopsMax, STREAM_ID, nodes, members);
        }
    }

    /**
     * Local policy; see {@link LocalPolicyConfig} for the models.
     *
     * @param signalNats               evidence that is worth telling the others.
     * @param signalStepNats           growth after which it is told again.
     * @param evidenceMaxNats          where evidence of one subject stops.
     * @param halfLifeNs               in which scan evidence halves.
     * @param benignSuccess            how often a benign first contact succeeds.
     * @param scannerSuccess           how often a scanner's does.
     * @param answerTimeoutNs          after which a missing answer counts as none.
     * @param benignUnfinishedPerSecond openings that a benign source leaves unfinished at one service.
     * @param floodUnfinishedPerSecond openings that a flooding one leaves.
     * @param sources                  suspected at once, a power of two.
     * @param contacts                 remembered, a power of two.
     * @param catalog                  file of detectors and rules, or null for the standard.
     * @param site                     prefixes of the site's own addresses; empty for the private ranges.
     * @param exemptions               sources that never give evidence, within their rate.
     */
    public record Detection(
        double signalNats,
        double signalStepNats,
        double evidenceMaxNats,
        long halfLifeNs,
        double benignSuccess,
        double scannerSuccess,
        long answerTimeoutNs,
        double benignUnfinishedPerSecond,
        double floodUnfinishedPerSecond,
        int sources,
        int contacts,
        Path catalog,
        List<IpPrefix> site,
        List<Exemption> exemptions)
    {
        /** The policy's own configuration, with a key that nobody outside the process knows. */
        LocalPolicyConfig.Builder policy(
            final long keyHigh,
            final long keyLow,
            final VerificationConfig verification,
            final DetectorCatalog detectors)
        {
            return LocalPolicyConfig.builder()
                .hashKey(keyHigh, keyLow)
                .weakNats(signalNats)
                .stepNats(signalStepNats)
                .evidenceMaxNats(evidenceMaxNats)
                .halfLifeNs(halfLifeNs)
                .benignSuccess(benignSuccess)
                .scannerSuccess(scannerSuccess)
                .answerTimeoutNs(answerTimeoutNs)
                .benignUnfinishedPerSecond(benignUnfinishedPerSecond)
                .floodUnfinishedPerSecond(floodUnfinishedPerSecond)
                .suspectsMax(sources)
                .contactsMax(contacts)
                .verification(verification)
                .catalog(detectors)
                .site(site.isEmpty() ? Site.PRIVATE : new Site(site.stream().map(Detection::prefix).toList()))
                .exemptions(exemptions.stream().map(Exemption::toPolicy).toList());
        }

        private static io.aswarm.sketch.Exemption prefix(final IpPrefix of)
        {
            return new io.aswarm.sketch.Exemption(of.address().high(), of.address().low(), of.lengthBits());
        }
    }

    /**
     * A declared scanner, health checker or the like.
     *
     * @param prefix       it lives in.
     * @param perSecondMax observations of it that are spared in a second.
     * @param why          it is exempt, for the next operator.
     */
    public record Exemption(IpPrefix prefix, int perSecondMax, String why)
    {
        io.aswarm.sketch.Exemption toPolicy()
        {
            return new io.aswarm.sketch.Exemption(
                prefix.address().high(), prefix.address().low(), prefix.lengthBits(), perSecondMax);
        }
    }

    /**
     * Thread placement as configured.
     *
     * @param profile  auto, appliance or sentinel.
     * @param realTime whether threads may use the real-time class where the kernel lets them.
     * @param sensor   rings, sketches, detectors.
     * @param quorum   media driver and fusion.
     * @param actuator automata and probes.
     * @param journal  signing and appending.
     */
    record Threads(
        String profile, boolean realTime, ThreadPlan.Wish sensor, ThreadPlan.Wish quorum, ThreadPlan.Wish actuator,
        ThreadPlan.Wish journal)
    {
    }

    /**
     * Named maxima.
     *
     * @param quarantineEntries contained subjects at once.
     * @param conversations     remembered by the kernel, so that an answer finds its opening.
     * @param requests          waiting for the actuator, a power of two.
     * @param certificates      waiting for the journal.
     * @param events            waiting for the event log.
     */
    public record Limits(
        int quarantineEntries, int conversations, int requests, int certificates, int events)
    {
    }

    /**
     * Read and check a configuration.
     *
     * @param file in YAML.
     * @return the configuration.
     * @throws ConfigException with every fault found.
     */
    public static NodeConfig read(final Path file) throws ConfigException
    {
        try
        {
            return NodeConfigReader.read(ConfigSection.read(file), file);
        }
        catch (final DocumentException ex)
        {
            throw new ConfigException(List.of(ex.getMessage()));
        }
    }
}
