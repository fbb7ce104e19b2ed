package io.aswarm.quorum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Four nodes, each in a process and a network namespace of its own, joined by a bridge in a fifth.
 */
class MeshNamespacesIT
{
    private static final int NODES = 4;
    private static final long SUBJECT = 0x0000_ffff_c612_0001L;

    @RegisterExtension
    private final MeshLab lab = new MeshLab(NODES);

    @ParameterizedTest
    @ValueSource(strings = {MeshLab.MULTICAST, MeshLab.MULTICAST_V6, MeshLab.UNICAST, MeshLab.UNICAST_V6})
    void shouldReachTheSameElevationInFourNamespaces(final String transport) throws IOException, InterruptedException
    {
        lab.startAll(transport);
        elevateByThree();
    }

    @ParameterizedTest
    @ValueSource(strings = {MeshLab.MULTICAST, MeshLab.UNICAST})
    void shouldHearANodeAgainThatWasKilledAndRestarted(final String transport) throws IOException, InterruptedException
    {
        lab.startAll(transport);
        lab.kill(1);
        lab.start(1, transport);
        lab.await(1, "members 4");
        elevateByThree();
    }

    @Test
    void shouldNotElevateInAMinorityOfTwoButOnOwnStrongEvidence() throws IOException, InterruptedException
    {
        lab.startAll(MeshLab.MULTICAST);
        MeshLab.ip("-n " + lab.bridge() + " link set port3 down");
        MeshLab.ip("-n " + lab.bridge() + " link set port4 down");
        lab.await(1, "members 2");
        lab.await(2, "members 2");
        lab.tell(1, "signal " + SUBJECT + " 15.0");
        lab.tell(2, "signal " + SUBJECT + " 15.0");
        lab.tell(2, "signal " + (SUBJECT + 1) + " 28.0");
        // the lines of one node are in order: nothing was elevated before this
        assertEquals("elevation " + (SUBJECT + 1) + " [gateway-2] local degraded", lab.next(2, "elevation "));
    }

    private void elevateByThree() throws IOException, InterruptedException
    {
        for (int id = 1; id <= 3; id++)
        {
            lab.tell(id, "signal " + SUBJECT + " 5.0");
        }
        for (int id = 1; id <= NODES; id++)
        {
            lab.await(id, "elevation " + SUBJECT + " [gateway-1, gateway-2, gateway-3]");
            lab.await(id, "evidence " + SUBJECT + " 3");
        }
    }
}
