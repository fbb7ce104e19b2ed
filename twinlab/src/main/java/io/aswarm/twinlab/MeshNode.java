package io.aswarm.twinlab;

import io.aswarm.actuator.ActRequest;
import io.aswarm.actuator.ActuatorAgent;
import io.aswarm.actuator.ActuatorConfig;
import io.aswarm.actuator.Aim;
import io.aswarm.actuator.Control;
import io.aswarm.actuator.Role;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.quorum.Elevation;
import io.aswarm.quorum.QuorumAgent;
import io.aswarm.quorum.QuorumConfig;
import io.aswarm.quorum.QuorumCounter;
import io.aswarm.quorum.QuorumHandler;
import io.aswarm.quorum.SubjectRole;
import io.aswarm.quorum.Verification;
import io.aswarm.trust.OrderVerdict;
import io.aswarm.trust.SessionCounter;
import io.aswarm.trust.SignedOrder;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.ArrayList;
import java.util.List;

/**
 * One node of a simulated mesh: the quorum agent and the actuator agent of the appliance, on clocks that are wrong in
 * their own way, over a kernel that outlives them. A node that is not followed only speaks. One thread.
 */
final class MeshNode implements QuorumHandler
{
    private static final String SCENARIO = "port-scan";
    private static final String OPERATOR = "alice, bob";
    private static final int COUNTER_LENGTH = 128;
    private static final int REQUESTS_MAX = 64;
    /** Room for every witness of every subject of a plan. */
    private static final int DEPOSITS_MAX = 1024;
    private static final int DEPOSITS_MAX_UNFOLLOWED = 64;
    /** Wall clock at the begin of every simulation: some day of 2026. */
    static final long EPOCH_NS = 1_790_000_000L * MeshPlan.SECOND_NS;
    private static final long LIAR_LEAP_NS = 3_600L * MeshPlan.SECOND_NS;

    private final MeshSimulation simulation;
    private final int place;
    private final boolean isFollowed;
    private final MeshNetwork.Port port;
    private final VirtualClock clock;
    private final long clockOffsetNs;
    private final SimulatedControl control;
    private final AtomicCounter bytesSent = counter();
    private final MeshRandom random;
    private MeshSessions sessions;
    private QuorumAgent quorum;
    private ActuatorAgent actuator;
    private long bootEpoch;
    private int boots;
    private boolean isUp;
    private boolean isHalted;
    /** The order that it went by last, on its disk. */
    private SignedOrder kept;
    /** What it elevated, as its certificates say. */
    private final List<Elevation> certified = new ArrayList<>();
    private boolean wasDegraded;
    private long busyUntilNs;

    MeshNode(
        final MeshSimulation simulation, final int place, final boolean isFollowed, final MeshRandom random)
    {
        this.random = random;
        this.simulation = simulation;
        this.place = place;
        this.isFollowed = isFollowed;
        this.port = simulation.network().port(place);
        // machines started at different times, and so did their monotonic clocks
        this.clockOffsetNs = (place + 1) * 1_000_003L;
        this.clock = new VirtualClock(clockOffsetNs);
        this.control = new SimulatedControl(clock);
    }

    int place()
    {
        return place;
    }

    boolean isUp()
    {
        return isUp;
    }

    /** Starts of its process so far. */
    int boots()
    {
        return boots;
    }

    /** Is it one whose decisions are to be judged: followed, and no liar? */
    boolean isJudged()
    {
        return isFollowed && !simulation.plan().isLiar(place);
    }

    /** Is it under an operator's order to enforce nothing? */
    boolean isHalted()
    {
        return isHalted;
    }

    /** Did it hear no majority when it decided last? */
    boolean wasDegraded()
    {
        return wasDegraded;
    }

    Control control()
    {
        return control;
    }

    long bytesSent()
    {
        return bytesSent.get();
    }

    /** Do its sealed deposits reach this node? */
    boolean reaches(final MeshNode other)
    {
        return sessions.reaches(other.place + 1);
    }

    /** How often something happened to its sessions since it started last. */
    long count(final SessionCounter counter)
    {
        return null == sessions ? 0 : sessions.count(counter);
    }

    /** Time that the message takes which it reads at present, or 0. */
    long readingNs()
    {
        return null == port.reading() ? 0 : port.reading().receiveNs();
    }

    /** Its monotonic clock. */
    long clockNs()
    {
        return clock.nowNs();
    }

    /** Its wall clock. */
    long wallNs()
    {
        return EPOCH_NS + clock.nowNs() - clockOffsetNs + simulation.plan().skewNs[place];
    }

    void start(final long nowNs)
    {
        setTime(nowNs);
        isUp = true;
        boots++;
        busyUntilNs = nowNs;
        final boolean isLiar = simulation.plan().isLiar(place);
        bootEpoch = Math.max(wallNs(), bootEpoch + (isLiar ? LIAR_LEAP_NS : 1));
        sessions = !simulation.plan().hasSessions ? null : new MeshSessions(
            simulation.roster(), place + 1, simulation.keys().signer(place), bootEpoch, simulation.plan().rekeyNs,
            random.split(), clock.nowNs());
        quorum = new QuorumAgent(config(), port, simulation.proxy(), this, clock.monotonic(), this::wallNs,
            this::counter);
        if (isFollowed)
        {
            actuator = new ActuatorAgent(
                new ActuatorConfig(simulation.keys().catalog(), List.of(), REQUESTS_MAX),
                simulation.faults().control(control), clock.monotonic(), () -> wallNs() / 1_000_000L,
                (outcome) -> simulation.judge().acts().onOutcome(this, outcome), (counter) -> counter());
            actuator.onStart();
        }
        for (final Elevation elevation : certified)
        {
            simulation.faults().certified(elevation).forEach((witness) -> quorum.recall(
                witness.deposit(), elevation.subjectRole(), elevation.elevatedEpochNs()));
        }
        if (null != kept)
        {
            order(kept, nowNs);
        }
        work(nowNs);
    }

    /** kill -9: what the process knew is gone, what the kernel holds is not. */
    void kill()
    {
        isUp = false;
        quorum = null;
        actuator = null;
        while (!port.isEmpty())
        {
            port.drop();
        }
    }

    /** A sensor's evidence grew. */
    void signal(final long subject, final double nats, final long firstSeenNs, final long nowNs)
    {
        setTime(nowNs);
        wasDegraded = quorum.isDegraded();
        simulation.proxy().offerSignal(MeshPlan.SCENARIO, MeshPlan.SUBJECT_HIGH, subject, nats, 1, 1, 1, 0, 0, 0,
            clockOffsetNs + firstSeenNs, clock.nowNs(), SubjectRole.SOURCE, Verification.EXCHANGE);
        simulation.judge().onSignal(this, subject, nats);
        work(nowNs);
    }

    /** Operators give it an order, for the whole site. */
    void order(final SignedOrder order, final long nowNs)
    {
        quorum.offerOrder(order, (verdict) -> simulation.judge().require(
            OrderVerdict.ACCEPTED == verdict || OrderVerdict.REPEATED == verdict, this,
            "refused an order: " + verdict));
        work(nowNs);
    }

    @Override
    public void onOrder(final SignedOrder order, final boolean suspended)
    {
        kept = order;
        if (isFollowed && isHalted != suspended)
        {
            isHalted = suspended;
            simulation.onOrder(this, suspended);
            simulation.judge().require(
                suspended ? actuator.proxy().halt(OPERATOR, 1) : actuator.proxy().resume(OPERATOR, 2), this,
                "could not carry out an order");
        }
    }

    /** Something arrived: now, or when what came before it is done. */
    void receive(final MeshDatagram datagram, final long nowNs)
    {
        if (isUp)
        {
            port.put(datagram);
            if (nowNs - busyUntilNs >= 0)
            {
                work(nowNs);
            }
        }
    }

    /** One duty cycle of each agent. */
    void work(final long nowNs)
    {
        if (!isUp)
        {
            return;
        }
        setTime(nowNs);
        final boolean isReading = !port.isEmpty() && nowNs - busyUntilNs >= 0;
        final long readingNs = isReading ? port.nextNs() : 0;
        port.mayRead(isReading);
        if (null != sessions)
        {
            sessions.takeOpened();
        }
        quorum.doWork();
        simulation.judge().afterWork(this);
        if (isFollowed)
        {
            actuator.doWork();
        }
        if (isReading)
        {
            busyUntilNs = nowNs + readingNs;
            if (!port.isEmpty())
            {
                simulation.agenda().at(busyUntilNs, (thenNs) ->
                {
                    work(thenNs);
                    return MeshAgenda.Step.DONE;
                });
            }
        }
    }

    @Override
    public void onElevation(final Elevation elevation)
    {
        if (isFollowed)
        {
            wasDegraded = quorum.isDegraded();
            simulation.judge().onElevation(this, elevation);
            actuator.proxy().offer(new ActRequest(
                elevation.id(), SCENARIO, new IpAddress(elevation.subjectHigh(), elevation.subjectLow()),
                Role.ofCode(elevation.subjectRole()), elevation.verification(), Aim.MANY, elevation.evidenceNats(),
                elevation.elevatedNs()));
        }
    }

    @Override
    public void onEvidence(final Elevation elevation)
    {
        if (isFollowed)
        {
            certified.add(elevation);
            simulation.judge().onEvidence(this, elevation);
        }
    }

    @Override
    public void onDepositAccepted(
        final int nodeId,
        final int scenario,
        final long subjectHigh,
        final long subjectLow,
        final double evidenceNats,
        final long nowNs)
    {
        wasDegraded = quorum.isDegraded();
        final byte[] opened = null == sessions ? null : sessions.takeOpened();
        simulation.judge().onAccepted(
            this, simulation.signatures().read(null == opened ? port.reading().bytes : opened).deposit());
    }

    private QuorumConfig config()
    {
        return new QuorumConfig(simulation.roster(), place + 1, simulation.keys().signer(place), bootEpoch)
            .elevationTable(simulation.faults().table(simulation.plan().table))
            .depositsMax(isFollowed ? DEPOSITS_MAX : DEPOSITS_MAX_UNFOLLOWED)
            .sessions(sessions)
            .clockErrorNs(() -> simulation.faults().clockErrorNs(simulation.plan().clockErrorNs[place]))
            .presenceIntervalNs(simulation.plan().presenceIntervalNs())
            .signatureCheck(simulation.faults().signatures((key, message, offset, length, signature) ->
                simulation.signatures().isSigned(port.reading(), key, message, offset, length, signature)));
    }

    /** Of the whole site, but for those that the agent sets to what is its own. */
    private AtomicCounter counter(final QuorumCounter counter)
    {
        switch (counter)
        {
            case BYTES_SENT:
                return bytesSent;
            case SESSION_REACH:
            case SESSION_AGREED:
            case SESSION_REKEYS:
            case SESSION_REFUSED:
                return counter();
            default:
                return simulation.counter(counter);
        }
    }

    private void setTime(final long nowNs)
    {
        clock.advanceTo(clockOffsetNs + nowNs);
    }

    private static AtomicCounter counter()
    {
        return new AtomicCounter(new UnsafeBuffer(new byte[COUNTER_LENGTH]), 0);
    }
}
