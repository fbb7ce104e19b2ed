package io.aswarm.quorum;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import java.io.IOException;
import java.nio.file.Path;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Nodes in namespaces whose roster changes while they run: k moves with the roster as the table says, and with nothing
 * else.
 */
class MeshRosterIT
{
    private static final int NODES = 4;

    @RegisterExtension
    private final MeshLab lab = new MeshLab(NODES);

    @BeforeEach
    void startNodes() throws IOException, InterruptedException
    {
        lab.startAll(MeshLab.MULTICAST);
    }

    @Test
    void shouldAskForAsManyWitnessesAsTheTableSaysWhenNodesLeaveAndJoin() throws IOException, InterruptedException
    {
        // three are enough of four, so two are too few, also when one of the four has died
        weakly(1, 1, 2);
        lab.kill(4);
        weakly(2, 1, 2);
        // two are enough of three, of what is held already too
        change(1, 2, 3);
        for (int id = 1; id <= 3; id++)
        {
            final String one = lab.next(id, "elevation ");
            final String other = lab.next(id, "elevation ");
            assertEquals("elevation 1 [gateway-1, gateway-2]", one.compareTo(other) < 0 ? one : other);
            assertEquals("elevation 2 [gateway-1, gateway-2]", one.compareTo(other) < 0 ? other : one);
        }
        // of two as well: one other's word never elevates
        change(1, 2);
        lab.tell(1, "signal 3 4000000.0");
        assertEquals("elevation 3 [gateway-1] local", lab.next(1, "elevation "));
        lab.tell(2, "signal 3 0.9");
        weakly(4, 1, 2);
        for (int id = 1; id <= 3; id++)
        {
            assertEquals("elevation 4 [gateway-1, gateway-2]", lab.next(id, "elevation "));
        }
        // and three again of four
        change(1, 2, 3, 4);
        lab.start(4, MeshLab.MULTICAST);
        lab.await(4, "members " + NODES);
        weakly(5, 1, 2);
        weakly(6, 1, 2, 3);
        for (int id = 1; id <= NODES; id++)
        {
            assertEquals("elevation 6 [gateway-1, gateway-2, gateway-3]", lab.next(id, "elevation "));
        }
    }

    private void weakly(final int subject, final int... witnesses) throws IOException
    {
        for (final int id : witnesses)
        {
            lab.tell(id, "signal " + subject + " 15.0");
        }
    }

    /** Who stays hears of it. */
    private void change(final Integer... ids) throws IOException
    {
        final Path roster = lab.rosterOf(ids);
        for (final int id : ids)
        {
            if (NODES != id)
            {
                lab.tell(id, "roster " + roster);
            }
        }
    }
}
