package io.aswarm.dataplane;

import io.aswarm.actuator.Containment;
import io.aswarm.actuator.Outcome;
import io.aswarm.actuator.Probe;
import io.aswarm.actuator.Role;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.QuarantineRule;
import io.aswarm.quorum.Elevation;
import io.aswarm.quorum.Witness;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.sketch.LocalPolicy;
import io.aswarm.sketch.LocalPolicyConfig;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

import java.util.List;

/**
 * Lets the virtual machine load and compile detection and the adapters before the first real record, on copies that are
 * thrown away. Quorum, actuator and journal warm up themselves. Touches neither kernel nor disk.
 */
final class WarmUp
{
    private static final int CONVERSATIONS = 20_000;
    private static final int ACTS = 200;
    private static final long STEP_NS = 100_000L;
    private static final long V4_MARK = 0x0000_ffff_0000_0000L;
    /** 198.18.0.0, RFC 2544: never a host of the site. */
    private static final long SUBNET = 0xc612_0000L;
    private static final int SOURCES = 64;
    private static final int PORTS = 1000;
    private static final int EPHEMERAL_PORT = 40_000;
    /** IANA protocol number. */
    private static final int TCP = 6;

    private WarmUp()
    {
    }

    /**
     * Run it.
     *
     * @param policyConfig of the node.
     * @param eventLog     whose forms are filled and thrown away.
     * @return signals and records that came out, not 0.
     */
    static int run(final LocalPolicyConfig policyConfig, final EventLog eventLog)
    {
        return signals(policyConfig) + outcomes(eventLog);
    }

    private static int signals(final LocalPolicyConfig policyConfig)
    {
        final int[] count = {0};
        try (LocalPolicy policy = new LocalPolicy(policyConfig, (signal) -> count[0]++, (counter) -> unseen()))
        {
            final SyntheticConversation conversation = new SyntheticConversation();
            for (int i = 0; i < CONVERSATIONS; i++)
            {
                final long nowNs = i * STEP_NS;
                policy.onConversation(conversation.next(i, nowNs));
                policy.onTick(nowNs);
            }
        }
        return count[0];
    }

    private static int outcomes(final EventLog eventLog)
    {
        int count = 0;
        final EvidenceMemory memory = new EvidenceMemory();
        for (int i = 0; i < ACTS; i++)
        {
            final Elevation elevation = elevation(i);
            final String scenario = Names.pattern(elevation.scenario(), elevation.aimPort(), elevation.distinctHosts());
            final String subject = Names.address(elevation.subjectHigh(), elevation.subjectLow());
            count += ElevationToAct.finding(elevation, scenario, subject, memory.signals()).witnesses().size();
            count += ElevationToAct.request(elevation, scenario).verification();
            count += OutcomeToDeed.deed(outcome(i), subject).probes().size();
            count += eventLog.begin("warm-up", i).put("subject", subject).toString().isEmpty() ? 0 : 1;
        }
        return count;
    }

    private static Outcome outcome(final int i)
    {
        final List<Probe> probes = List.of(new Probe("", "", "", true, 1, 1));
        return new Outcome(
            Outcome.Kind.EFFECTIVE, i, i, "", "", 1, "", 0, V4_MARK | SUBNET + i, Role.SOURCE, 1,
            Containment.drop(QuarantineRule.source(new IpAddress(0, V4_MARK | SUBNET + i))), 1, 1, 1, 1, 1,
            probes, 0, "", "");
    }

    private static Elevation elevation(final int i)
    {
        final List<Witness> witnesses = List.of(new Witness(1, "", 1.0, 1.0, 1, 0, new byte[1]));
        return new Elevation(
            i, 1, 0, V4_MARK | SUBNET + i, 1.0, 1.0, 1, true, witnesses, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1);
    }

    private static AtomicCounter unseen()
    {
        return new AtomicCounter(new UnsafeBuffer(new byte[128]), 0);
    }

    /** First contacts of a few sources, some of which only fail while the others only succeed. */
    private static final class SyntheticConversation implements Conversation
    {
        private int number;
        private long nowNs;

        private SyntheticConversation next(final int i, final long atNs)
        {
            number = i;
            nowNs = atNs;
            return this;
        }

        @Override
        public int kind()
        {
            final int step = number & 3;
            return 0 == step ? ConversationKind.OPENED : isFailing() ? ConversationKind.REFUSED :
                1 == step ? ConversationKind.ACCEPTED : ConversationKind.ESTABLISHED;
        }

        @Override
        public long timeNs()
        {
            return nowNs;
        }

        @Override
        public long initiatorHigh()
        {
            return 0;
        }

        @Override
        public long initiatorLow()
        {
            return V4_MARK | SUBNET + (number >> 2) % SOURCES;
        }

        @Override
        public long responderHigh()
        {
            return 0;
        }

        @Override
        public long responderLow()
        {
            return V4_MARK | SUBNET + SOURCES + (number >> 4) % SOURCES;
        }

        @Override
        public int responderPort()
        {
            return 1 + (number >> 2) % PORTS;
        }

        @Override
        public int initiatorPort()
        {
            return EPHEMERAL_PORT;
        }

        @Override
        public int protocol()
        {
            return TCP;
        }

        @Override
        public int weight()
        {
            return 1;
        }

        @Override
        public int flags()
        {
            return 0;
        }

        private boolean isFailing()
        {
            return (number >> 2) % SOURCES < SOURCES / 2;
        }
    }
}
