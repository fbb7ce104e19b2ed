package io.aswarm.quorum;

import io.aswarm.quorum.codec.DepositEncoder;
import io.aswarm.quorum.codec.MessageHeaderEncoder;
import io.aswarm.trust.HybridSigner;
import io.aswarm.trust.KeyFile;
import io.aswarm.trust.Roster;
import io.aswarm.trust.SignedOrder;
import io.aswarm.trust.Signer;
import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A site with fresh keys for tests: nodes 1 to n, and deposits as any of them would send them.
 */
final class Site
{
    static final long SECOND_NS = 1_000_000_000L;
    static final long HALF_LIFE_NS = 10 * SECOND_NS;
    /** A wall clock reading: some day of 2026. */
    static final long T0 = 1_790_000_000L * SECOND_NS;
    static final int SCAN = 1;

    final Roster roster;
    final List<Signer> signers = new ArrayList<>();
    final Signer alice = newSigner();
    final Signer bob = newSigner();
    private final Seal seal;

    Site(final int nodes)
    {
        this("lab", nodes);
    }

    Site(final String name, final int nodes)
    {
        final List<Roster.Node> members = new ArrayList<>();
        for (int id = 1; id <= nodes; id++)
        {
            signers.add(newSigner());
            members.add(new Roster.Node(id, "gateway-" + id, signers.get(id - 1).publicKey()));
        }
        roster = new Roster(name, members, List.of(
            new Roster.Operator("alice", alice.publicKey()), new Roster.Operator("bob", bob.publicKey())));
        seal = new Seal(name);
    }

    Roster rosterOf(final int... ids)
    {
        final List<Roster.Node> members = new ArrayList<>();
        for (final int id : ids)
        {
            members.add(roster.node(id));
        }
        return new Roster(roster.site(), members, roster.operators());
    }

    /** An order of both operators. */
    SignedOrder order(final SignedOrder.Action action, final long issuedEpochNs, final long lifeNs)
    {
        return SignedOrder.draft(
            roster.site(), action, "a test", String.format("%032x", issuedEpochNs), issuedEpochNs, lifeNs)
            .sign("alice", HybridSigner.of(alice)).sign("bob", HybridSigner.of(bob));
    }

    static Signer newSigner()
    {
        try
        {
            final Path directory = Files.createTempDirectory("asw-key");
            final Path file = directory.resolve("key");
            final Signer signer = KeyFile.generate(file);
            Files.delete(file);
            Files.delete(directory);
            return signer;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    Fusion fusion(final int ownNodeId)
    {
        return new Fusion(roster, ownNodeId, ElevationTable.standard(), HALF_LIFE_NS, 4096, 7);
    }

    Draft deposit(final int nodeId, final long sequence)
    {
        return new Draft(this, nodeId, sequence);
    }

    /** State an elevation that was decided, and spend its evidence, as {@link Decider} does for each subject. */
    static Elevation elevate(
        final Fusion fusion,
        final int onSlot,
        final Fusion.Decision decision,
        final long decidedEpochNs,
        final long id,
        final long elevatedNs,
        final long elevatedEpochNs)
    {
        final Elevation elevation =
            fusion.state(onSlot, decision, false, decidedEpochNs, id, elevatedNs, elevatedEpochNs);
        fusion.spend(onSlot, decidedEpochNs);
        return elevation;
    }

    /** A deposit in the making. */
    static final class Draft
    {
        private final Site site;
        private final int nodeId;
        private final long sequence;
        private long bootEpoch = T0;
        private int scenario = SCAN;
        private long subject = 0x0000_ffff_c612_0001L;
        private long milliNats = 5_000;
        private long firstSeenEpochNs = T0;
        private long lastSeenEpochNs = T0;
        private long sentEpochNs = T0;
        private long clockErrorUs;
        private int aimPort;
        private long aim;
        private long hash;
        private int role = SubjectRole.SOURCE;
        private int verification;

        private Draft(final Site site, final int nodeId, final long sequence)
        {
            this.site = site;
            this.nodeId = nodeId;
            this.sequence = sequence;
        }

        Draft boot(final long epoch)
        {
            bootEpoch = epoch;
            return this;
        }

        Draft scenario(final int code)
        {
            scenario = code;
            return this;
        }

        Draft subject(final long low)
        {
            subject = low;
            return this;
        }

        Draft milliNats(final long value)
        {
            milliNats = value;
            return this;
        }

        Draft seen(final long firstNs, final long lastNs)
        {
            firstSeenEpochNs = firstNs;
            lastSeenEpochNs = lastNs;
            sentEpochNs = lastNs;
            return this;
        }

        Draft sent(final long epochNs)
        {
            sentEpochNs = epochNs;
            return this;
        }

        Draft clockErrorUs(final long value)
        {
            clockErrorUs = value;
            return this;
        }

        Draft aim(final long low, final int port)
        {
            aim = low;
            aimPort = port;
            return this;
        }

        /** A hash of a program, where an aim's first half stands. */
        Draft hash(final long value)
        {
            hash = value;
            return this;
        }

        Draft role(final int value)
        {
            role = value;
            return this;
        }

        Draft verification(final int bits)
        {
            verification = bits;
            return this;
        }

        UnsafeBuffer unsigned()
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[DepositDescriptor.LENGTH]);
            new DepositEncoder()
                .wrapAndApplyHeader(buffer, 0, new MessageHeaderEncoder())
                .nodeId(nodeId).scenario(scenario).clockErrorUs(clockErrorUs).bootEpoch(bootEpoch).sequence(sequence)
                .evidenceMilliNats(milliNats).count(12).distinctHosts(3).distinctPorts(4).aimPort(aimPort)
                .firstSeenEpochNs(firstSeenEpochNs).lastSeenEpochNs(lastSeenEpochNs).sentEpochNs(sentEpochNs)
                .subjectRole((short)role).verification((short)verification);
            buffer.putLong(DepositDescriptor.SUBJECT_OFFSET + 8, subject, ByteOrder.BIG_ENDIAN);
            buffer.putLong(DepositDescriptor.AIM_OFFSET, hash, ByteOrder.BIG_ENDIAN);
            buffer.putLong(DepositDescriptor.AIM_OFFSET + 8, aim, ByteOrder.BIG_ENDIAN);
            return buffer;
        }

        UnsafeBuffer signed()
        {
            return signedBy(site.signers.get(nodeId - 1));
        }

        UnsafeBuffer signedBy(final Signer signer)
        {
            final UnsafeBuffer buffer = unsigned();
            site.seal.sign(buffer, 0, DepositDescriptor.LENGTH, signer);
            return buffer;
        }
    }
}
