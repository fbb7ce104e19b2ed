package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Every scenario, once by a host itself and once by somebody who forges its address. The host is on link and has
 * conversations of its own, as the one that is worth framing has. What is merely shown is told as such, so that no act
 * but a bounded one may follow; what that does to the host is measured with real packets by the actuator's tests.
 */
class ForgedSourceTest
{
    private static final int HOST = 7;
    private static final int VICTIM = 20;
    private static final int PLACE = 9;
    private static final double NODE_BAR_NATS = Math.log(0.99 / 1e-9);

    private final PolicyHarness net = new PolicyHarness(PolicyHarness.shipped().build());

    @AfterEach
    void close()
    {
        net.close();
    }

    /** A way to attack in a host's name. */
    enum Attack
    {
        SCAN(Scenario.SCAN)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                net.refused(HOST, VICTIM, i);
            }
        },
        SWEEP(Scenario.SCAN)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                net.refused(HOST, VICTIM + i, 445);
            }
        },
        STRAY_SEGMENTS(Scenario.SCAN)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                net.event.tcpFlags = 0x10;
                net.event.flags |= Conversation.FLAG_UNORIENTED;
                net.event.initiatorPort = 50_000;
                net.event.quantity = 1_024;
                net.send(ConversationKind.VOLUME, HOST, VICTIM, i);
                net.event.quantity = 0;
                net.event.flags &= ~Conversation.FLAG_UNORIENTED;
            }
        },
        FLOOD(Scenario.FLOOD)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                net.open(HOST, VICTIM, 443);
                net.leap(MILLISECOND_NS);
            }
        },
        REFUSED_FLOOD(Scenario.FLOOD)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                net.refused(HOST, VICTIM, 443);
                net.nowNs += MILLISECOND_NS / 20;
            }
        },
        LATERAL(Scenario.LATERAL)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                if (i == 1)
                {
                    net.established(HOST - 1, HOST, 22);
                }
                net.established(HOST, VICTIM + i, 22);
            }
        },
        BRUTE_FORCE(Scenario.BRUTE_FORCE)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                net.event.quantity = 900;
                net.send(ConversationKind.ENDED, HOST, VICTIM, 22);
                net.event.quantity = 0;
                net.leap(SECOND_NS);
            }
        },
        EXFILTRATION(Scenario.EXFILTRATION)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                net.sendOutside(ConversationKind.VOLUME, HOST, PLACE, 443, 4L << 20);
            }
        },
        NAMES(Scenario.EXFILTRATION)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                net.event.protocol = PolicyHarness.UDP;
                net.event.initiatorPort = 40_000;
                net.event.lengthBytes = 250;
                net.event.quantity = 64;
                net.send(ConversationKind.VOLUME, HOST, VICTIM, 53);
                net.event.quantity = 0;
            }
        },
        ECHO(Scenario.EXFILTRATION)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                net.event.protocol = PolicyHarness.ICMP;
                net.event.quantity = 4_096;
                net.send(ConversationKind.VOLUME, HOST, VICTIM, 0);
                net.event.quantity = 0;
            }
        },
        BEACON(Scenario.BEACON)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                net.sendOutside(ConversationKind.OPENED, HOST, PLACE, 443, 0);
                net.leap(5 * SECOND_NS);
            }
        },
        BEACON_IN_ONE_CONVERSATION(Scenario.BEACON)
        {
            @Override
            void step(final PolicyHarness net, final int i)
            {
                net.sendOutside(ConversationKind.VOLUME, HOST, PLACE, 443, 100);
                net.leap(5 * SECOND_NS);
            }
        };

        private final Scenario scenario;

        Attack(final Scenario scenario)
        {
            this.scenario = scenario;
        }

        abstract void step(PolicyHarness net, int i);
    }

    /** What is told of the host, by anybody's frames: the link's word or none. */
    private List<PolicyHarness.Seen> told(final Attack attack, final int flags)
    {
        net.event.flags = Conversation.FLAG_ON_LINK;
        net.established(HOST, VICTIM, 8_080);
        for (int i = 1; i <= 100; i++)
        {
            net.event.flags = flags;
            attack.step(net, i);
        }
        net.event.flags = 0;
        net.leap(2 * SECOND_NS);
        return net.of(attack.scenario).stream().filter((s) -> s.subjectLow() == net.low(HOST)).toList();
    }

    @ParameterizedTest
    @EnumSource(Attack.class)
    void shouldSayByTheLinkThatItWasTheHostWhenItWas(final Attack attack)
    {
        final List<PolicyHarness.Seen> told = told(attack, Conversation.FLAG_ON_LINK);
        assertTrue(told.stream().anyMatch((s) -> s.nats() >= NODE_BAR_NATS), "called");
        for (final PolicyHarness.Seen signal : told)
        {
            assertEquals(Signal.VERIFIED_ON_LINK, signal.verification(), signal.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(Attack.class)
    void shouldNotSayThatItWasTheHostWhenItsAddressWasForged(final Attack attack)
    {
        for (final PolicyHarness.Seen signal : told(attack, 0))
        {
            assertEquals(0, signal.verification(), signal.toString());
        }
    }

    @ParameterizedTest
    @EnumSource(value = Scenario.class, names = {"DISTRIBUTED_SCAN", "SPREAD_FLOOD", "CALL_HOME"})
    void shouldBlameNobodyWhereTheSubjectIsTheAim(final Scenario scenario)
    {
        net.event.flags = Conversation.FLAG_ON_LINK;
        net.established(HOST, VICTIM, 8_080);
        net.event.flags = 0;
        for (int i = 1; i <= 200; i++)
        {
            // half of it in the host's name
            final int source = i % 2 == 0 ? HOST : 1_000 + i;
            net.refused(source, VICTIM, i);
            net.sendOutside(ConversationKind.ENDED, source, PLACE, 443, 300);
        }
        final List<PolicyHarness.Seen> told = net.of(scenario);
        assertTrue(told.stream().anyMatch((s) -> s.nats() >= NODE_BAR_NATS), "called");
        final long aim = scenario == Scenario.CALL_HOME ? PolicyHarness.outsideLow(PLACE) : net.low(VICTIM);
        for (final PolicyHarness.Seen signal : told)
        {
            assertEquals(0, signal.verification());
            assertEquals(aim, signal.subjectLow());
        }
        assertTrue(net.scans().stream().noneMatch((s) -> s.subjectLow() == net.low(HOST)));
    }
}
