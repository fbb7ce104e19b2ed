package io.aswarm.sketch;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Map;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

/** What {@link Verification} knows of whom, by which of the two proofs, and for how long. */
class VerificationBoundsTest
{
    private static final int LINK = Signal.VERIFIED_ON_LINK;
    private static final int EXCHANGE = Signal.VERIFIED_EXCHANGE;
    private static final int CLIENT = 7;
    private static final int SERVER = 20;
    private static final long MEMORY_NS = 600 * PolicyHarness.SECOND_NS;

    private final SketchMemory memory = new SketchMemory();
    private final Verification verification = accepting(LINK | EXCHANGE);
    private final TestConversation exchange = new TestConversation();

    @AfterEach
    void close()
    {
        memory.close();
    }

    private Verification accepting(final int bits)
    {
        return new Verification(
            PolicyHarness.shipped().verification(new VerificationConfig(bits, Map.of())).build(), memory,
            new KeyedHash(1, 2));
    }

    private void exchanged(final Verification verification, final int flags)
    {
        exchange.initiatorLow = CLIENT;
        exchange.responderLow = SERVER;
        exchange.flags = flags;
        verification.onEstablished(exchange);
        verification.onServed(exchange);
    }

    private static Contact contact(final int source, final int destination, final int state)
    {
        final Contact contact = new Contact();
        contact.sourceLow = source;
        contact.destinationLow = destination;
        contact.state = state;
        return contact;
    }

    @ParameterizedTest
    // what is accepted; with the link's word, after an exchange without it, after nothing
    @CsvSource({"3,2,1,0", "2,2,0,0", "1,0,1,0", "0,0,0,0"})
    void shouldSayOfASourceWhatIsAccepted(
        final int accepted, final int onLink, final int afterExchange, final int afterNothing)
    {
        final Verification configured = accepting(accepted);
        exchanged(configured, 0);
        assertEquals(onLink, configured.of(contact(CLIENT, SERVER, PendingContacts.ON_LINK)));
        assertEquals(afterExchange, configured.of(contact(CLIENT, SERVER, PendingContacts.ACCEPTED)));
        assertEquals(afterNothing, configured.of(contact(CLIENT + 1, SERVER, PendingContacts.ACCEPTED)));
    }

    @ParameterizedTest
    // the link's word, of a packet that may have been dropped: its initiator's only where he sent it
    @CsvSource({"4,2", "5,2", "12,0", "8,0", "0,0", "1,0"})
    void shouldTakeTheLinksWordOfAPacketForItsSender(final int flags, final int verified)
    {
        exchange.initiatorLow = CLIENT;
        exchange.flags = flags;
        assertEquals(verified, verification.of(exchange));
    }

    @ParameterizedTest
    // of an exchange that had the link's word or had it not, and one that was dropped
    @CsvSource({"4,true", "5,true", "0,false", "1,false"})
    void shouldTakeForForgedWhatLacksTheWordThatItsSourcesExchangesHad(final int flags, final boolean isForged)
    {
        exchanged(verification, flags);
        assertEquals(isForged, verification.isForged(contact(CLIENT, SERVER, PendingContacts.SHOWN)));
        assertFalse(verification.isForged(contact(CLIENT, SERVER, PendingContacts.ACCEPTED)), "not shown");
        assertFalse(verification.isForged(
            contact(CLIENT, SERVER, PendingContacts.SHOWN | PendingContacts.ON_LINK)));
        assertEquals(isForged, verification.isForged(
            contact(CLIENT, SERVER, PendingContacts.SHOWN | PendingContacts.ACCEPTED)));
        assertFalse(verification.isForged(contact(CLIENT + 1, SERVER, PendingContacts.SHOWN)));
    }

    @ParameterizedTest
    @CsvSource({"0", "4"})
    void shouldKnowBothEndsOfAnExchange(final int flags)
    {
        assertFalse(verification.hasExchanged(0, CLIENT));
        exchanged(verification, flags);
        assertTrue(verification.hasExchanged(0, CLIENT));
        assertTrue(verification.hasExchanged(0, SERVER));
        assertFalse(verification.hasExchanged(0, CLIENT + 1));
        assertTrue(verification.hasExchanged(contact(CLIENT, 99, 0)));
        assertFalse(verification.hasExchanged(contact(99, CLIENT, 0)));
        assertTrue(verification.hasAnswered(contact(99, SERVER, 0)));
        assertFalse(verification.hasAnswered(contact(SERVER, 99, 0)));
    }

    @Test
    void shouldKnowASourceByItsLinkOrByAnExchange()
    {
        assertFalse(verification.isKnown(contact(CLIENT, SERVER, PendingContacts.ACCEPTED)));
        assertTrue(verification.isKnown(contact(CLIENT, SERVER, PendingContacts.ON_LINK)));
        exchanged(verification, 0);
        assertTrue(verification.isKnown(contact(CLIENT, SERVER, 0)));
    }

    @ParameterizedTest
    // of either kind for ten minutes at least; who goes on exchanging is not forgotten
    @CsvSource({"0,false", "4,false", "0,true", "4,true"})
    void shouldForgetWhoExchangesNoMore(final int flags, final boolean isGoingOn)
    {
        assertEquals(0, verification.onTick(0));
        exchanged(verification, flags);
        assertEquals(0, verification.onTick(MEMORY_NS - 1));
        assertEquals(3, verification.onTick(MEMORY_NS));
        assertTrue(verification.hasExchanged(0, CLIENT) && verification.hasExchanged(0, SERVER));
        if (isGoingOn)
        {
            exchanged(verification, flags);
        }
        assertEquals(3, verification.onTick(2 * MEMORY_NS));
        assertEquals(isGoingOn, verification.hasExchanged(0, CLIENT));
        assertEquals(isGoingOn, verification.hasExchanged(0, SERVER));
        assertEquals(isGoingOn && flags == 0 ? EXCHANGE : 0, verification.of(contact(CLIENT, SERVER, 0)));
    }
}
