package io.aswarm.quorum;

import org.junit.jupiter.api.Test;

import java.util.List;

import static io.aswarm.quorum.Site.SECOND_NS;
import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What a node sends of its evidence, when, and what it keeps. */
class DepositSenderTest extends FourNodes
{
    @Test
    void shouldSendTheVeryBytesThatStandInTheElevation()
    {
        nodes.get(0).signal(SUBJECT, 21.0, nowNs, nowNs);
        cycle();
        final List<byte[]> sent = links.get(0).sent;
        assertArrayEquals(
            sent.get(sent.size() - 1), nodes.get(0).elevations.get(0).witnesses().get(0).deposit());
    }

    @Test
    void shouldStillSignItsOwnDepositWhenTheBudgetLetNothingOut()
    {
        final TestNode poor = replaceFirst(config(1, T0 + 9).budget(512, 512));
        poor.signal(1, 1.5, nowNs, nowNs);
        poor.signal(2, 1.5, nowNs, nowNs);
        poor.signal(SUBJECT, 28.0, nowNs, nowNs);
        poor.agent.doWork();
        assertEquals(1, poor.sentNats.size());
        assertTrue(DepositVerifier.verify(
            poor.evidence.get(0).witnesses().get(0).deposit(), site.roster).isAuthentic());
    }

    @Test
    void shouldStayWithinItsBudgetAndSendTheNewestOfEachSubject()
    {
        final TestNode poor = replaceFirst(config(1, T0 + 9).budget(2 * DepositSender.DEPOSIT_COST, 572));
        final MemoryMesh.Link link = links.get(0);
        final int before = link.sent.size();
        final int seconds = 20;
        for (int tick = 0; tick < seconds * 100; tick++)
        {
            poor.signal(1 + tick % 10, 1.5 + tick * 0.01, nowNs, nowNs);
            poor.agent.doWork();
            nowNs += SECOND_NS / 100;
        }
        long bytes = 0;
        for (final byte[] message : link.sent.subList(before, link.sent.size()))
        {
            bytes += message.length == DepositDescriptor.LENGTH ? DepositSender.DEPOSIT_COST :
                DepositSender.PRESENCE_COST;
        }
        final long allowed = 2L * DepositSender.DEPOSIT_COST * seconds + 572;
        assertTrue(bytes <= allowed && bytes > allowed * 9 / 10, "bytes=" + bytes + " allowed=" + allowed);
        assertEquals(bytes, poor.count(QuorumCounter.BYTES_SENT));
        final long accounted = poor.count(QuorumCounter.DEPOSITS_SENT) + poor.count(QuorumCounter.DEPOSITS_SUPPRESSED);
        final long waiting = poor.count(QuorumCounter.SIGNALS_RECEIVED) - accounted;
        assertTrue(waiting >= 0 && waiting <= 10, "every signal was sent, suppressed or still waits: " + waiting);
        assertTrue(poor.sentNats.get(poor.sentNats.size() - 1) > 20, "what goes out at last is the newest");
    }

    @Test
    void shouldLetNewsOutAtOnceWhenRepetitionsHaveUsedTheirShare()
    {
        final TestNode poor = replaceFirst(config(1, T0 + 9).budget(512, 5 * DepositSender.DEPOSIT_COST));
        for (int i = 0; i < 10; i++)
        {
            poor.signal(SUBJECT, 2.0 + i, nowNs, nowNs);
            poor.agent.doWork();
        }
        assertTrue(poor.sentNats.size() < 4, "sent=" + poor.sentNats);
        poor.signal(SUBJECT + 1, 1.5, nowNs, nowNs);
        poor.agent.doWork();
        assertEquals(1.5, poor.sentNats.get(poor.sentNats.size() - 1));
    }

    @Test
    void shouldSayItsDepositsAgainWhenANodeJoinsLater()
    {
        nodes.get(0).signal(SUBJECT, 5.0, nowNs, nowNs);
        nodes.get(1).signal(SUBJECT, 5.0, nowNs, nowNs);
        cycle();
        cycle();
        final TestNode late = replaceFirst(config(1, T0 + 99));
        cycle();
        cycle();
        assertTrue(late.acceptedFrom.contains(2));
        assertEquals(4, late.count(QuorumCounter.MEMBERS_HEARD));
    }

    @Test
    void shouldKeepWhatItCouldNotSendAndNotCountSendsItCouldNotTry()
    {
        links.get(0).isConnected = false;
        nodes.get(0).signal(SUBJECT, 5.0, nowNs, nowNs);
        cycle();
        assertEquals(0, nodes.get(0).count(QuorumCounter.DEPOSITS_SENT));
        assertEquals(0, nodes.get(0).count(QuorumCounter.SEND_REFUSED));
        links.get(0).isConnected = true;
        links.get(0).isRefusing = true;
        cycle();
        assertEquals(1, nodes.get(0).count(QuorumCounter.SEND_REFUSED));
        links.get(0).isRefusing = false;
        cycle();
        assertEquals(1, nodes.get(0).count(QuorumCounter.DEPOSITS_SENT));
    }

    @Test
    void shouldNotSendWhatHasEvaporatedMeanwhile()
    {
        links.get(0).isConnected = false;
        nodes.get(0).signal(SUBJECT, 5.0, nowNs, nowNs);
        cycle();
        nowNs += 8 * Site.HALF_LIFE_NS + 1;
        links.get(0).isConnected = true;
        cycle();
        assertEquals(0, nodes.get(0).count(QuorumCounter.DEPOSITS_SENT));
        assertEquals(1, nodes.get(0).count(QuorumCounter.DEPOSITS_SUPPRESSED));
    }
}
