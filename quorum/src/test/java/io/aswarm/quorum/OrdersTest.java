package io.aswarm.quorum;

import io.aswarm.trust.OrderVerdict;
import io.aswarm.trust.SignedOrder;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import static io.aswarm.quorum.Site.SECOND_NS;
import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Orders of the operators on their way through a site of four agents.
 */
class OrdersTest
{
    private static final long HOUR_NS = 3_600 * SECOND_NS;
    private static final long CYCLE_NS = 1_000_000L;

    private final Site site = new Site(4);
    private final MemoryMesh mesh = new MemoryMesh();
    private final List<MemoryMesh.Link> links = new ArrayList<>();
    private final List<TestNode> nodes = new ArrayList<>();
    private final List<OrderVerdict> verdicts = new ArrayList<>();
    private long nowNs = 5_000;

    @BeforeEach
    void start()
    {
        for (int id = 1; id <= 4; id++)
        {
            start(id, T0 + id);
        }
        cycles(3);
    }

    @Test
    void shouldSuspendTheWholeSiteByOneNodeAndUndoItInTheSameWay()
    {
        give(1, order(SignedOrder.Action.SUSPEND, T0));
        cycles(5);
        nodes.forEach((node) -> assertEquals(List.of("suspend true"), node.orders));
        nodes.forEach((node) -> assertEquals(1, node.count(QuorumCounter.SUSPENDED)));

        give(3, order(SignedOrder.Action.RESUME, T0 + 1));
        cycles(5);
        nodes.forEach((node) -> assertEquals(List.of("suspend true", "resume false"), node.orders));
        nodes.forEach((node) -> assertEquals(0, node.count(QuorumCounter.SUSPENDED)));
        assertEquals(List.of(OrderVerdict.ACCEPTED, OrderVerdict.ACCEPTED), verdicts);
    }

    @Test
    void shouldBeIdempotentAndSayItAgainWhenAsked()
    {
        final SignedOrder order = order(SignedOrder.Action.SUSPEND, T0);
        give(1, order);
        cycles(5);
        give(1, order);
        give(2, order);
        cycles(5);
        assertEquals(List.of(OrderVerdict.ACCEPTED, OrderVerdict.REPEATED, OrderVerdict.REPEATED), verdicts);
        nodes.forEach((node) -> assertEquals(1, node.orders.size()));
        assertTrue(nodes.get(3).count(QuorumCounter.ORDERS_REPEATED) > 0);
    }

    @Test
    void shouldNotTakeUpAReplayedOlderOrder()
    {
        give(1, order(SignedOrder.Action.SUSPEND, T0));
        cycles(5);
        final byte[] suspend = orderSentBy(0);
        give(1, order(SignedOrder.Action.RESUME, T0 + 1));
        cycles(5);
        mesh.inject(suspend, 666);
        // nor when its number is written over
        final byte[] renumbered = suspend.clone();
        Arrays.fill(renumbered, 8, 16, (byte)0x7F);
        mesh.inject(renumbered, 666);
        cycles(5);
        nodes.forEach((node) -> assertEquals(List.of("suspend true", "resume false"), node.orders));
        assertEquals(1, nodes.get(3).count(QuorumCounter.ORDERS_REFUSED));
    }

    @Test
    void shouldRefuseWhatIsForgedCutOrFullOfGarbageAndStillTakeTheOrder()
    {
        final SignedOrder forged = new Site(4).order(SignedOrder.Action.SUSPEND, T0, HOUR_NS);
        give(1, forged);
        cycles(2);
        assertEquals(List.of(OrderVerdict.BAD_SIGNATURE), verdicts);
        give(2, order(SignedOrder.Action.SUSPEND, T0));
        final MemoryMesh.Link link = links.get(1);
        link.isConnected = true;
        nodes.get(1).agent.doWork();
        nowNs += CYCLE_NS;
        nodes.get(1).agent.doWork();
        final byte[] good = orderSentBy(1);
        for (int length = 0; length < good.length; length += 7)
        {
            mesh.inject(Arrays.copyOf(good, length), 666);
        }
        for (int bit = 0; bit < good.length * 8; bit += 13)
        {
            final byte[] changed = good.clone();
            changed[bit >> 3] ^= (byte)(1 << (bit & 7));
            mesh.inject(changed, 667);
        }
        cycles(400);
        nodes.forEach((node) -> assertEquals(List.of("suspend true"), node.orders));
        assertTrue(nodes.get(3).count(QuorumCounter.REFUSED_CHECK_BUDGET) > 0, "checks of strangers are bounded");
    }

    @Test
    void shouldTellWhoJoinsLaterAndWhoWasAway()
    {
        links.get(3).isConnected = false;
        give(1, order(SignedOrder.Action.SUSPEND, T0));
        cycles(1_200);
        nowNs += SECOND_NS;
        start(4, T0 + 99);
        final TestNode late = nodes.remove(4);
        nodes.set(3, late);
        cycles(1_200);
        assertEquals(List.of("suspend true"), late.orders);
        final long said = nodes.stream().mapToLong((node) -> node.count(QuorumCounter.ORDERS_SAID)).sum();
        assertTrue(said <= 3, "one says it, the others hear that: " + said);
    }

    @Test
    void shouldEndWithItsTimeOnAllNodes()
    {
        give(1, site.order(SignedOrder.Action.SUSPEND, T0, 10 * SECOND_NS));
        cycles(5);
        nowNs = 5_000 + 10 * SECOND_NS - 5_001;
        cycles(1);
        nodes.forEach((node) -> assertEquals(1, node.count(QuorumCounter.SUSPENDED)));
        nowNs += 5_000;
        cycles(1);
        nodes.forEach((node) -> assertEquals(List.of("suspend true", "end false"), node.orders));
    }

    private SignedOrder order(final SignedOrder.Action action, final long issuedEpochNs)
    {
        return site.order(action, issuedEpochNs, HOUR_NS);
    }

    private void give(final int id, final SignedOrder order)
    {
        assertTrue(nodes.get(id - 1).agent.offerOrder(order, verdicts::add));
    }

    private byte[] orderSentBy(final int index)
    {
        return links.get(index).sent.stream()
            .filter((message) -> message.length > 300 && 3 == message[2]).reduce((first, last) -> last).orElseThrow();
    }

    private void start(final int id, final long bootEpoch)
    {
        final MemoryMesh.Link link = mesh.join();
        links.add(link);
        nodes.add(new TestNode(
            new QuorumConfig(site.roster, id, site.signers.get(id - 1), bootEpoch), link, () -> nowNs,
            () -> T0 + nowNs, TestNode.counters()));
    }

    private void cycles(final int count)
    {
        for (int i = 0; i < count; i++)
        {
            nodes.forEach((node) -> node.agent.doWork());
            nowNs += CYCLE_NS;
        }
    }
}
