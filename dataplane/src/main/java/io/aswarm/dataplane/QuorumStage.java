package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.quorum.BootEpoch;
import io.aswarm.quorum.Member;
import io.aswarm.quorum.Mesh;
import io.aswarm.quorum.MeshIdle;
import io.aswarm.quorum.QuorumAgent;
import io.aswarm.quorum.QuorumConfig;
import io.aswarm.quorum.QuorumHandler;
import io.aswarm.quorum.QuorumProxy;
import io.aswarm.trust.Handshake;
import io.aswarm.trust.HandshakeConfig;
import io.aswarm.trust.Roster;
import io.aswarm.trust.SessionKeys;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.IdleStrategy;

import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * From evidence to elevations: the mesh and the agent that deposits, collects and decides.
 */
final class QuorumStage
{
    private static final int MEMBERS_SHOWN_MAX = 256;

    private final NodeBase base;
    private final Mesh mesh;
    private final SiteRoster rosters;
    private final QuorumProxy proxy;
    private final LongSupplier clockErrorNs;
    private final Wakeup thread = new Wakeup();
    private volatile QuorumAgent agent;

    QuorumStage(final NodeBase base, final Mesh mesh, final SiteRoster rosters)
    {
        this.base = base;
        this.mesh = mesh;
        this.rosters = rosters;
        this.clockErrorNs = base.clockWatch()::boundNs;
        this.proxy = new QuorumProxy(base.counters().quorum());
    }

    QuorumProxy proxy()
    {
        return proxy;
    }

    Wakeup thread()
    {
        return thread;
    }

    /** What its thread does without work: sleep on the sockets of the mesh, unless the plan gives it a core. */
    IdleStrategy idle(final ThreadPlan.Placement placement)
    {
        if (Idle.BLOCK != placement.idle())
        {
            return placement.idle().strategy();
        }
        final MeshIdle idle = mesh.idle();
        thread.by(idle::wake);
        return idle;
    }

    /** For its thread. Where that sleeps, the sensor's takes its turn. */
    Agent agent(final ThreadPlan.Placement placement)
    {
        final QuorumAgent connected = agent;
        return placement.idle().sleeps() ? thread.share(SharedTurn.of(connected, base.errorLog())) : connected;
    }

    /** The agent that tells elevations; it follows the roster in force. */
    QuorumAgent connect(final QuorumHandler elevations) throws IOException
    {
        final NodeConfig config = base.config();
        final Site site = base.site();
        final long bootEpoch = BootEpoch.advance(
            config.directories().state().resolve("boot-epoch"), base.epochNanoClock().nanoTime());
        final Roster roster = rosters.inForce();
        final SessionKeys sessions = roster.nodes().size() < 2 ? null : new Handshake(
            new HandshakeConfig(roster, site.node().id(), site.identity(), bootEpoch), base.clock().nanoTime());
        final QuorumAgent connected = new QuorumAgent(
            new QuorumConfig(roster, site.node().id(), site.identity().classical(), bootEpoch)
                .sessions(sessions)
                .clockErrorNs(clockErrorNs)
                .elevationTable(config.elevation())
                .halfLifeNs(config.mesh().halfLifeNs())
                .presenceIntervalNs(config.mesh().presenceNs())
                .budget(config.mesh().budgetBytesPerSecond(), config.mesh().budgetBytesPerSecond())
                .hashSeed(new SecureRandom().nextLong()),
            mesh, proxy, elevations, base.clock(), base.epochNanoClock(), base.counters().quorum());
        rosters.onChange((next) ->
        {
            connected.offerRoster(next);
            thread.wake();
        });
        agent = connected;
        return connected;
    }

    /** This node as a site of its own, for a rehearsal. */
    QuorumConfig alone()
    {
        final Site site = base.site();
        return new QuorumConfig(
            new Roster(site.roster().site(), List.of(site.node()), List.of()), site.node().id(),
            site.identity().classical(), 1)
            .clockErrorNs(clockErrorNs)
            .elevationTable(base.config().elevation());
    }

    void describe(final ObjectNode target)
    {
        rosters.describe(target);
        final ArrayNode members = target.putArray("members");
        final QuorumAgent connected = agent;
        if (null != connected)
        {
            connected.members().stream().limit(MEMBERS_SHOWN_MAX).forEach((member) -> members.addObject()
                .put("name", member.name())
                .put("live", member.live())
                .put("heard_ms_ago", Member.NEVER_HEARD == member.heardAgoNs() ? null :
                    (Long)(member.heardAgoNs() / 1_000_000)));
        }
    }
}
