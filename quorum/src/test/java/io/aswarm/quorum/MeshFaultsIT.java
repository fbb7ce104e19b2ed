package io.aswarm.quorum;

import io.aswarm.ebpf.KernelSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * What networks and thieves do, to four nodes in namespaces of their own: every subject that three weakly suspect is
 * elevated on every node that can hear them, once, with three authentic deposits.
 */
class MeshFaultsIT
{
    private static final int NODES = 4;
    private static final int SUBJECTS = 20;
    private static final int LOSS_PERCENT = 10;
    private static final int REORDER_PERCENT = 5;
    private static final int COPIES = 3;
    private static final int GARBAGE_SECONDS = 4;
    private static final int REPETITIONS = 4;

    @TempDir
    private Path directory;
    private MeshLab lab;

    @BeforeAll
    static void requireKernel()
    {
        KernelSupport.require();
    }

    @BeforeEach
    void makeNamespaces() throws IOException, InterruptedException
    {
        lab = new MeshLab(directory, NODES);
    }

    @AfterEach
    void removeNamespaces() throws IOException
    {
        lab.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {MeshLab.MULTICAST, MeshLab.UNICAST})
    void shouldElevateEverywhereWhenEachNodeLosesATenthOfAllDatagrams(final String transport)
        throws IOException, InterruptedException
    {
        for (int id = 1; id <= NODES; id++)
        {
            lab.lose(id, LOSS_PERCENT);
        }
        lab.startAll(transport);
        elevateAll(1, 2, 3);
    }

    @Test
    void shouldElevateEverywhereOnceWhenDatagramsComeThriceAndOutOfOrder() throws IOException, InterruptedException
    {
        final Process relay = lab.startRelay(COPIES, REORDER_PERCENT);
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
        lab.deafen(4, 3);
        for (int id = 1; id <= 3; id++)
        {
            lab.tell(id, "signal 1 5.0");
        }
        for (int id = 1; id <= 3; id++)
        {
            assertEquals("elevation 1 [gateway-1, gateway-2, gateway-3]", lab.next(id, "elevation "));
        }
        lab.tell(4, "signal 1 5.0");
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
            lab.tell(one, "signal " + killed + " 5.0");
            lab.tell(two, "signal " + killed + " 5.0");
            lab.kill(killed);
            lab.tell(three, "signal " + killed + " 5.0");
            for (final int id : new int[] {one, two, three})
            {
                assertTrue(lab.next(id, "elevation ").startsWith("elevation " + killed + " "));
                lab.await(id, "evidence " + killed + " 3");
            }
            lab.start(killed, MeshLab.MULTICAST);
            lab.await(killed, "members " + NODES);
        }
    }

    @Test
    void shouldNotBeMovedByTwoNodesThatLie() throws IOException, InterruptedException
    {
        lab.startAll(MeshLab.MULTICAST);
        // k is 3: the keys of two nodes are stolen, and say all that the wire can say, again and again
        for (int i = 0; i < REPETITIONS; i++)
        {
            lab.tell(3, "signal 7 4000000.0");
            lab.tell(4, "signal 7 4000000.0");
        }
        for (int id = 3; id <= NODES; id++)
        {
            assertTrue(lab.next(id, "elevation ").endsWith(" local"), "at home a liar does as it likes");
        }
        // one honest node is wrong by chance; streams are in order, so all of it comes before what follows
        lab.tell(1, "signal 7 0.9");
        elevateAll(1, 2, 3);
    }

    @ParameterizedTest
    @ValueSource(strings = {MeshLab.MULTICAST, "198.18.200.4"})
    void shouldElevateInAFloodOfGarbage(final String address) throws IOException, InterruptedException
    {
        lab.startAll(MeshLab.MULTICAST);
        final Process garbage = lab.startGarbage(address, GARBAGE_SECONDS);
        elevateAll(1, 2, 3);
        final String sent = garbage.inputReader().readLine();
        assertTrue(sent.startsWith("sent ") && Long.parseLong(sent.split(" ")[1]) > 10_000, sent);
        for (int id = 1; id <= 3; id++)
        {
            lab.tell(id, "signal 999 5.0");
        }
        for (int id = 1; id <= NODES; id++)
        {
            assertEquals("elevation 999 [gateway-1, gateway-2, gateway-3]", lab.next(id, "elevation 999"));
        }
    }

    /** Three say of each subject that they weakly suspect it; every node must elevate each once, and nothing else. */
    private void elevateAll(final int... witnesses) throws IOException, InterruptedException
    {
        for (int subject = 1; subject <= SUBJECTS; subject++)
        {
            for (final int id : witnesses)
            {
                lab.tell(id, "signal " + (1_000 + subject) + " 5.0");
            }
        }
        for (int id = 1; id <= NODES; id++)
        {
            final Set<String> elevated = new TreeSet<>();
            for (int i = 0; i < SUBJECTS; i++)
            {
                final String line = lab.next(id, "elevation ");
                assertTrue(line.matches("elevation 10[0-9]{2} .gateway-1, gateway-2, gateway-3."), line);
                assertTrue(elevated.add(line), "twice: " + line);
            }
        }
    }
}
