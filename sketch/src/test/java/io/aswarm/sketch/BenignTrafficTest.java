package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import static io.aswarm.sketch.PolicyHarness.MILLISECOND_NS;
import static io.aswarm.sketch.PolicyHarness.SECOND_NS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** The ordinary life of a GPU cluster. None of it may give a signal, nor lose an event from sight. */
class BenignTrafficTest
{
    private final PolicyHarness net = new PolicyHarness();
    private final Random random = new Random(64);

    @AfterEach
    void shouldHaveStayedQuiet()
    {
        net.pass(3 * SECOND_NS);
        assertEquals(List.of(), net.signals);
        assertEquals(0, net.count(SketchCounter.EVENTS_UNKNOWN));
        net.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldStayQuietWhenACollectiveStarts(final boolean ipv6)
    {
        if (ipv6)
        {
            net.useIpv6();
        }
        // All 32 hosts open eight channels to all others at once; handshakes end within milliseconds, in any order.
        final int hosts = 32;
        final int channels = 8;
        final int pairs = hosts * hosts;
        final int[] order = random.ints(0, pairs).limit(4L * pairs).toArray();
        for (int channel = 0; channel < channels; channel++)
        {
            all(ConversationKind.OPENED, hosts, order);
            net.leap(MILLISECOND_NS / 2);
        }
        for (int channel = 0; channel < channels; channel++)
        {
            all(ConversationKind.ACCEPTED, hosts, order);
            all(ConversationKind.ESTABLISHED, hosts, order);
            net.leap(MILLISECOND_NS / 2);
        }
        assertTrue(net.count(SketchCounter.EVENTS) > 20_000);
        assertEquals(0, net.count(SketchCounter.CONTACTS_FAILED));
    }

    /** One event for each pair of different hosts, each once, in the order given. */
    private void all(final int kind, final int hosts, final int[] order)
    {
        final boolean[] done = new boolean[hosts * hosts];
        for (final int pair : order)
        {
            if (!done[pair] && pair / hosts != pair % hosts)
            {
                done[pair] = true;
                net.nowNs += 100;
                net.send(kind, pair / hosts, pair % hosts, 29_500);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"400,1", "1,400", "20,40", "2000,1"})
    void shouldStayQuietWhenAStartIsSoFastThatTheSensorCollapsesIt(final int services, final int channels)
    {
        net.established(2, 100, 80);
        final BurstCollapser sensor = new BurstCollapser(net);
        final int total = services * channels;
        // A SYN each 2 µs; each is answered 200 µs later, but the answers come in another order.
        final int[] answers = IntStream.range(0, total).toArray();
        for (int i = 0; i < total; i++)
        {
            final int other = Math.min(total - 1, i + random.nextInt(100));
            final int swapped = answers[i];
            answers[i] = answers[other];
            answers[other] = swapped;
        }
        for (int i = 0; i < total + 200; i++)
        {
            net.nowNs += 2_000;
            if (i < total)
            {
                sensor.send(ConversationKind.OPENED, 1, 100 + i % services, 29_500);
            }
            if (i >= 200)
            {
                final int service = 100 + answers[i - 200] % services;
                sensor.send(ConversationKind.ACCEPTED, 1, service, 29_500);
                sensor.send(ConversationKind.ESTABLISHED, 1, service, 29_500);
            }
        }
        net.leap(MILLISECOND_NS);
        sensor.flush();
        assertTrue(net.count(SketchCounter.ANSWERS_COLLAPSED) > 0, "it was that fast");
    }

    @Test
    void shouldStayQuietWhenTheBacklogOverflowsAtTheStart()
    {
        // One rank opens 32 channels to each of 64 listeners with a backlog of 24; the rest is retried after a second.
        for (int listener = 0; listener < 64; listener++)
        {
            for (int channel = 0; channel < 32; channel++)
            {
                net.nowNs += 2_000;
                net.open(1, 100 + listener, 29_500);
            }
            for (int channel = 0; channel < 24; channel++)
            {
                net.nowNs += 2_000;
                net.send(ConversationKind.ACCEPTED, 1, 100 + listener, 29_500);
                net.send(ConversationKind.ESTABLISHED, 1, 100 + listener, 29_500);
            }
        }
        net.pass(SECOND_NS);
        net.event.flags = Conversation.FLAG_REPEAT;
        for (int listener = 0; listener < 64; listener++)
        {
            for (int channel = 0; channel < 8; channel++)
            {
                net.established(1, 100 + listener, 29_500);
            }
        }
        net.event.flags = 0;
    }

    @Test
    void shouldStayQuietWhenAHealthCheckerFindsOneServiceDown()
    {
        for (int round = 0; round < 60; round++)
        {
            for (int host = 0; host < 50; host++)
            {
                if (host == 17)
                {
                    net.refused(1, 100 + host, 8_080);
                }
                else
                {
                    net.established(1, 100 + host, 8_080);
                }
            }
            net.leap(SECOND_NS);
        }
        assertEquals(1, net.count(SketchCounter.CONTACTS_FAILED));
    }

    @Test
    void shouldStayQuietWhenClientsRetryToAServerThatRestarts()
    {
        // 40 clients, a hundred retries a second each, half refused and half dropped, for ten seconds.
        for (int client = 0; client < 40; client++)
        {
            net.established(client, 200, 5_432);
        }
        for (int retry = 0; retry < 1_000; retry++)
        {
            for (int client = 0; client < 40; client++)
            {
                net.nowNs += 1_000;
                if (retry % 2 == 0)
                {
                    net.refused(client, 200, 5_432);
                }
                else
                {
                    net.open(client, 200, 5_432);
                }
            }
            net.leap(10 * MILLISECOND_NS);
        }
    }

    @Test
    void shouldStayQuietWhenNewClientsRetryToAServerThatIsNotUpYet()
    {
        for (int retry = 0; retry < 200; retry++)
        {
            for (int client = 0; client < 40; client++)
            {
                net.refused(client, 200, 5_432);
            }
            net.leap(50 * MILLISECOND_NS);
        }
        assertEquals(40, net.count(SketchCounter.CONTACTS_FAILED));
    }

    @Test
    void shouldStayQuietWhenAResolverAsksAndSomeNeverAnswer()
    {
        net.event.protocol = PolicyHarness.UDP;
        for (int query = 0; query < 5_000; query++)
        {
            final int server = 100 + random.nextInt(2_000);
            net.open(1, server, 53);
            if (random.nextInt(10) > 0)
            {
                net.nowNs += MILLISECOND_NS / 10;
                net.send(ConversationKind.ACCEPTED, 1, server, 53);
            }
            net.leap(MILLISECOND_NS);
        }
    }

    @Test
    void shouldStayQuietWhenLogsAndMetricsGoOneWay()
    {
        net.event.protocol = PolicyHarness.UDP;
        for (int host = 0; host < 500; host++)
        {
            net.open(host, 250, 514);
            net.open(host, 251, 8_125);
            net.leap(MILLISECOND_NS);
        }
    }

    @ParameterizedTest
    @CsvSource({"4", "5"})
    void shouldStayQuietWhenAMonitorHearsOfTheDeadOnesLast(final int kind)
    {
        // 40 hosts each 30 seconds, of which 10 are down: REFUSED, or UNREACHABLE by their router.
        for (int round = 0; round < 5; round++)
        {
            for (int host = 0; host < 40; host++)
            {
                net.open(1, 300 + host, 80);
            }
            for (int host = 0; host < 30; host++)
            {
                net.nowNs += MILLISECOND_NS;
                net.send(ConversationKind.ACCEPTED, 1, 300 + host, 80);
                net.send(ConversationKind.ESTABLISHED, 1, 300 + host, 80);
            }
            for (int host = 30; host < 40; host++)
            {
                net.nowNs += MILLISECOND_NS;
                net.send(kind, 1, 300 + host, 80);
            }
            net.pass(30 * SECOND_NS);
        }
    }

    @Test
    void shouldStayQuietWhenRequestsAreServedAndFewFail()
    {
        // 20 clients over 30 services; one contact in twenty fails, each with successes around it.
        for (int request = 0; request < 20_000; request++)
        {
            final int client = request % 20;
            final int service = request / 20 % 30;
            if (service % 20 == 10)
            {
                net.refused(client, 100 + service, 80);
            }
            else
            {
                net.established(client, 100 + service, 80);
            }
        }
        assertEquals(20, net.count(SketchCounter.CONTACTS_FAILED));
    }

    @Test
    void shouldStayQuietWhenAGatewayHidesAThousandClients()
    {
        for (int connection = 0; connection < 20_000; connection++)
        {
            final int server = 1_000 + random.nextInt(3_000);
            if (random.nextInt(50) == 0)
            {
                // Not two in a row: a run of failures is what the test looks for.
                net.refused(1, server, 443);
                net.established(1, server, 10_000 + connection % 50_000);
            }
            else
            {
                net.established(1, server, 443);
            }
        }
    }

    @Test
    void shouldStayQuietWhenPortsAreReusedInAStorm()
    {
        for (int connection = 0; connection < 30_000; connection++)
        {
            net.established(1 + connection % 4, 200, 80);
            net.send(ConversationKind.ABORTED, 1 + connection % 4, 200, 80);
            if (connection % 4 == 0)
            {
                net.policy.onTick(net.nowNs);
            }
        }
    }
}
