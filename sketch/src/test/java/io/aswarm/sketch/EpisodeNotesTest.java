package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class EpisodeNotesTest
{
    private static final int SLOT = 1;
    private static final long HOST = 0x0000_ffff_c612_0014L;
    private final EpisodeNotes notes = new EpisodeNotes(new UnsafeBuffer(new byte[EpisodeNotes.memoryLength(3)]));

    private static Contact contact(final long host, final int port, final int protocol, final int sourcePort)
    {
        final Contact contact = new Contact();
        contact.destinationLow = host;
        contact.port = port;
        contact.protocol = protocol;
        contact.sourcePort = sourcePort;
        return contact;
    }

    private static Contact tcp(final long host, final int port)
    {
        return contact(host, port, ConversationKind.TCP, 50_000);
    }

    @ParameterizedTest
    @CsvSource({"0,0,0,false", "0,1,0,true", "1,0,0,true", "1,1,0,true", "0,1,1,false", "1,0,1,false"})
    void shouldKnowOneSocketThatGoesElsewhere(
        final int hostStep, final int portStep, final int sourcePortStep, final boolean isSame)
    {
        notes.last(SLOT, tcp(HOST, 80));
        assertEquals(isSame, notes.isSameSocket(
            SLOT, contact(HOST + hostStep, 80 + portStep, ConversationKind.TCP, 50_000 + sourcePortStep)));
        final Contact far = tcp(HOST, 80);
        far.destinationHigh = 1;
        assertTrue(notes.isSameSocket(SLOT, far));
        notes.last(SLOT, far);
        assertFalse(notes.isSameSocket(SLOT, far));
        assertFalse(notes.isConcentrated(SLOT, far));
        far.port = 81;
        assertTrue(notes.isConcentrated(SLOT, far));
    }

    @ParameterizedTest
    // another port, or protocol, of the host; another host of its network, if it was never heard
    @CsvSource({
        "0,80,6,true,false", "0,81,6,false,true", "0,80,17,false,true", "1,80,6,true,true", "1,80,6,false,false",
        "256,80,6,true,false"})
    void shouldTakeForConcentratedWhatStaysAtAHostOrAmongTheUnheardOfItsNetwork(
        final int hostStep, final int port, final int protocol, final boolean isUnheard, final boolean isConcentrated)
    {
        notes.last(SLOT, tcp(HOST, 80));
        final Contact next = contact(HOST + hostStep, port, protocol, 50_000);
        next.isUnheard = isUnheard;
        assertEquals(isConcentrated, notes.isConcentrated(SLOT, next));
        next.destinationHigh = 1;
        assertFalse(notes.isConcentrated(SLOT, next));
    }

    @Test
    void shouldSayOfTheLastContactOnlyWhetherItWasTcp()
    {
        notes.last(SLOT, tcp(HOST, 80));
        assertTrue(notes.wasTcp(SLOT));
        notes.last(SLOT, contact(HOST, 80, PolicyHarness.UDP, 0));
        assertFalse(notes.wasTcp(SLOT));
    }

    @Test
    void shouldCountABareOpeningOnce()
    {
        final Contact bare = tcp(HOST, 80);
        bare.state = PendingContacts.ACCEPTED;
        assertFalse(notes.isFirstBare(SLOT, bare));
        bare.state = PendingContacts.BARE;
        assertTrue(notes.isFirstBare(SLOT, bare));
        assertFalse(notes.isFirstBare(SLOT, bare));
    }

    @Test
    void shouldCountDistinctPeersAndEachCompany()
    {
        notes.served(SLOT, 1);
        notes.served(SLOT, 63);
        notes.served(SLOT, 63);
        assertEquals(2, notes.peers(SLOT));
        notes.accompany(SLOT);
        notes.accompany(SLOT);
        assertEquals(2, notes.accompanied(SLOT));
    }

    @Test
    void shouldEndASpanToTheNanosecondAndBeginTheNext()
    {
        notes.clear(SLOT, 100);
        assertFalse(notes.isOver(SLOT, 50, 149));
        assertTrue(notes.isOver(SLOT, 50, 150));
        assertFalse(notes.isOver(SLOT, 50, 199));
        assertTrue(notes.isOver(SLOT, 50, 201));
    }

    @Test
    void shouldForgetAllOfAnEpisodeAndNothingOfOthers()
    {
        final Contact bare = tcp(HOST, 80);
        bare.state = PendingContacts.BARE;
        for (int slot = 0; slot < 3; slot++)
        {
            notes.last(slot, bare);
            notes.isFirstBare(slot, bare);
            notes.accompany(slot);
            notes.served(slot, 5);
        }
        notes.clear(SLOT, 0);
        for (int slot = 0; slot < 3; slot++)
        {
            final int kept = slot == SLOT ? 0 : 1;
            assertEquals(kept, notes.accompanied(slot));
            assertEquals(kept, notes.peers(slot));
            assertEquals(slot == SLOT, notes.isFirstBare(slot, bare));
            assertEquals(slot != SLOT, notes.wasTcp(slot));
            assertEquals(slot != SLOT, notes.isConcentrated(slot, tcp(HOST, 81)));
        }
    }
}
