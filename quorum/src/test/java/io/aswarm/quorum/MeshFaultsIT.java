package io.aswarm.quorum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What networks, clocks and kill -9 do, to four nodes in namespaces of their own: every subject that three weakly
 * suspect is elevated on every node that can hear them, once, with three authentic deposits.
 */
class MeshFaultsIT
{
    private static final int NODES = 4;
    private static final int SUBJECTS = 20;
    private static final int LOSS_PERCENT = 10;
    private static final int REORDER_PERCENT = 5;
    private static final int COPIES = 3;
    private static final int HANDSHAKE_MS_MAX = 400;
    private static final int STEPS = 6;
    private static final long STEP_US = 700;
    /** Beyond what the age limits bear alone (2 s), within what they bear with a bound of up to 1 s. */
    private static final long SKEW_MS = 2_600;

    @RegisterExtension
    private final MeshLab lab = new MeshLab(NODES);
    private final MeshWeather weather = new MeshWeather(lab);

    @ParameterizedTest
    @ValueSource(strings = {MeshLab.MULTICAST, MeshLab.UNICAST})
    void shouldElevateEverywhereWhenEachNodeLosesATenthOfAllDatagrams(final String transport)
        throws IOException, InterruptedException
    {
        for (int id = 1; id <= NODES; id++)
        {
            weather.lose(id, LOSS_PERCENT);
        }
        lab.startAll(transport);
        elevateAll(1, 2, 3);
    }

    @Test
    void shouldElevateEverywhereOnceWhenDatagramsComeThriceAndOutOfOrder() throws IOException, InterruptedException
    {
        final Process relay = new MeshStrangers(lab).startRelay(COPIES, REORDER_PERCENT);
        lab.startAll(MeshLab.RELAYED);
        elevateAll(1, 2, 3);
        relay.outputWriter().append('\n').flush();
        final String passed = relay.inputReader().readLine();
        assertTrue(Long.parseLong(passed.split(" ")[3]) > 0, "the network was bad: " + passed);
    }

    @Test
    void shouldElevateWhereTheWitnessesAreHeardWhenOneWayIsCut() throws IOException, InterruptedException
    {
        lab.startAll(MeshLab.MULTICAST);
        // node 4 does not hear node 3, but all others do
        weather.deafen(4, 3);
        for (int id = 1; id <= 3; id++)
        {
            lab.tell(id, "signal 1 8.0");
        }
        for (int id = 1; id <= 3; id++)
        {
            assertEquals("elevation 1 [gateway-1, gateway-2, gateway-3]", lab.next(id, "elevation "));
        }
        lab.tell(4, "signal 1 8.0");
        assertEquals("elevation 1 [gateway-1, gateway-2, gateway-4]", lab.next(4, "elevation "));
    }

    @Test
    void shouldGoOnWhenOneNodeAfterTheOtherIsKilled() throws IOException, InterruptedException
    {
        lab.startAll(MeshLab.MULTICAST);
        for (int killed = 1; killed <= NODES; killed++)
        {
            final int one = killed % NODES + 1;
            final int two = one % NODES + 1;
            final int three = two % NODES + 1;
            lab.tell(one, "signal " + killed + " 8.0");
            lab.tell(two, "signal " + killed + " 8.0");
            lab.kill(killed);
            lab.tell(three, "signal " + killed + " 8.0");
            for (final int id : new int[] {one, two, three})
            {
                // who was restarted may elevate what is older, of which it knows nothing any more
                lab.next(id, "elevation " + killed + " ");
                // on a busy machine a signature may come after the patience with it
                lab.next(id, "evidence " + killed + " ");
            }
            lab.start(killed, MeshLab.MULTICAST);
            lab.await(killed, "members " + NODES);
        }
    }

    /** From its first word on, until long after it has agreed on keys. */
    @Test
    void shouldAgreeOnKeysWithANodeThatIsKilledAtAnyStepOfTheHandshake() throws IOException, InterruptedException
    {
        lab.startAll(MeshLab.MULTICAST);
        for (int afterMs = 0; afterMs <= HANDSHAKE_MS_MAX; afterMs = 2 * afterMs + 5)
        {
            lab.kill(4);
            lab.start(4, MeshLab.MULTICAST);
            lab.next(4, "members ");
            Thread.sleep(afterMs);
        }
        lab.kill(4);
        lab.start(4, MeshLab.MULTICAST);
        for (int id = 1; id <= NODES; id++)
        {
            lab.awaitCount(id, QuorumCounter.SESSION_REACH, NODES - 1);
        }
        elevateAll(1, 2, 4);
    }

    @Test
    void shouldElevateOnceWhenAWitnessIsKilledOnceItHasSpoken() throws IOException, InterruptedException
    {
        lab.startAll(MeshLab.MULTICAST);
        for (int step = 1; step <= STEPS; step++)
        {
            lab.tell(1, "signal " + step + " 8.0");
            lab.tell(2, "signal " + step + " 8.0");
            lab.tell(3, "signal " + step + " 8.0");
            // before it has read that, between the sealed and the signed form, and after both
            TimeUnit.MICROSECONDS.sleep(STEP_US * (step - 1));
            lab.kill(3);
            lab.start(3, MeshLab.MULTICAST);
            lab.awaitCount(3, QuorumCounter.SESSION_REACH, NODES - 1);
            lab.tell(3, "signal " + step + " 8.0");
            for (final int id : new int[] {1, 2, 4})
            {
                // the first line that is said of an elevation: the one of the step before was the only one
                assertEquals("elevation " + step + " [gateway-1, gateway-2, gateway-3]", lab.next(id, "elevation "));
            }
        }
    }

    @Test
    void shouldHearAClockThatIsWrongByAsMuchAsItSays() throws IOException, InterruptedException
    {
        lab.options(4, "-Dskew.ms=" + SKEW_MS, "-Dclock.error.ms=" + SKEW_MS);
        lab.startAll(MeshLab.MULTICAST);
        elevateAll(2, 3, 4);
    }

    @Test
    void shouldNotHearAClockThatIsWrongByMoreThanItSays() throws IOException, InterruptedException
    {
        lab.options(4, "-Dskew.ms=" + SKEW_MS);
        for (int id = 1; id <= NODES; id++)
        {
            lab.start(id, MeshLab.MULTICAST);
        }
        for (int id = 1; id < NODES; id++)
        {
            lab.awaitCount(id, QuorumCounter.MEMBERS_HEARD, NODES - 1);
            lab.awaitCount(id, QuorumCounter.SESSION_REACH, NODES - 1);
        }
        elevateAll(1, 2, 3);
        lab.awaitCountAbove(1, QuorumCounter.REFUSED_FUTURE, 0);
        assertEquals(NODES - 1, lab.count(1, QuorumCounter.MEMBERS_HEARD), "its handshakes are heard, its word is not");
    }

    /** Three say of each subject that they weakly suspect it; every node must elevate each once, and nothing else. */
    private void elevateAll(final int... witnesses) throws IOException, InterruptedException
    {
        for (int subject = 1; subject <= SUBJECTS; subject++)
        {
            for (final int id : witnesses)
            {
                lab.tell(id, "signal " + (1_000 + subject) + " 8.0");
            }
        }
        for (int id = 1; id <= NODES; id++)
        {
            final Set<String> elevated = new TreeSet<>();
            for (int i = 0; i < SUBJECTS; i++)
            {
                final String line = lab.next(id, "elevation ");
                assertTrue(line.matches("elevation 10[0-9]{2} ." + Arrays.stream(witnesses).mapToObj(
                    (witness) -> "gateway-" + witness).collect(Collectors.joining(", ")) + "."), line);
                assertTrue(elevated.add(line), "twice: " + line);
            }
        }
    }
}
