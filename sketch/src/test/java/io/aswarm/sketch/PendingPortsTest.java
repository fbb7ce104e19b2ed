package io.aswarm.sketch;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.util.Random;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class PendingPortsTest
{
    private static final int PENDING_MAX = 1_024;

    private final PendingPorts ports = new PendingPorts(
        new UnsafeBuffer(new byte[PendingPorts.memoryLength(PENDING_MAX)]), PENDING_MAX, new KeyedHash(1, 2));

    private static Contact contact(final long source, final long destination, final int port, final int protocol)
    {
        final Contact contact = new Contact();
        contact.sourceLow = source;
        contact.destinationLow = destination;
        contact.port = port;
        contact.protocol = protocol;
        return contact;
    }

    @Test
    void shouldCountEachPairOfHostsAndProtocolByItself()
    {
        assertEquals(1, ports.add(contact(1, 2, 80, 6)));
        assertEquals(2, ports.add(contact(1, 2, 443, 6)));
        assertEquals(1, ports.add(contact(1, 3, 80, 6)));
        assertEquals(1, ports.add(contact(4, 2, 80, 6)));
        assertEquals(1, ports.add(contact(1, 2, 53, 17)));
        assertEquals(3, ports.add(contact(1, 2, 25, 6)));
    }

    @ParameterizedTest
    @CsvSource({"1023,1,2", "1024,1,1", "32767,1,1", "32768,0,1"})
    void shouldCountSystemPortsAndAskBeforeOtherServices(final int port, final int first, final int then)
    {
        assertEquals(first, ports.add(contact(1, 2, port, 6)));
        assertEquals(then, ports.add(contact(1, 2, 22, 6)));
    }

    @ParameterizedTest
    @CsvSource({"1", "58", "255"})
    void shouldNotCountWhatHasNoPorts(final int protocol)
    {
        assertEquals(0, ports.add(contact(1, 2, 3, protocol)));
    }

    @Test
    void shouldForgetWhenAContactNoLongerWaits()
    {
        final Contact first = contact(1, 2, 80, 6);
        final Contact high = contact(1, 2, 8_080, 6);
        ports.add(first);
        assertEquals(2, ports.add(high));
        ports.remove(high);
        ports.remove(first);
        assertEquals(1, ports.add(contact(1, 2, 443, 6)));
    }

    @ParameterizedTest
    // a bare opening counts at any port, with those to all hosts of a network, and apart from others
    @CsvSource({"80,0xc6120015,2", "40000,0xc6120015,2", "80,0xc6120115,1"})
    void shouldCountBareOpeningsByTheirNetworkAtEveryPort(final int port, final String host, final int count)
    {
        final long v4 = 0x0000_ffff_0000_0000L;
        assertEquals(1, ports.add(contact(1, v4 | 0xc612_0014L, 80, 6)));
        assertEquals(1, ports.add(bare(1, v4 | 0xc612_0014L, 40_000)));
        assertEquals(count, ports.add(bare(1, v4 | Long.decode(host), port)));
    }

    private static Contact bare(final long source, final long destination, final int port)
    {
        final Contact contact = contact(source, destination, port, 6);
        contact.state = PendingContacts.BARE;
        return contact;
    }

    @Test
    void shouldCountAllProtocolsWithoutPortsTogether()
    {
        assertEquals(1, ports.add(contact(1, 2, 0, 50)));
        assertEquals(2, ports.add(contact(1, 2, 0, 89)));
        assertEquals(1, ports.add(contact(1, 2, 22, 6)));
    }

    @ParameterizedTest
    // its opening may be bare, and it may be accepted meanwhile
    @CsvSource({"80,0", "80,128", "8080,0", "40000,0"})
    void shouldForgetWhatItCountedAndNothingElseWhenAContactWasAccepted(final int port, final int state)
    {
        final Contact contact = contact(1, 2, port, 6);
        contact.state = state;
        ports.add(contact);
        assertEquals(state | (port == 80 ? PendingContacts.DIVERSE : 0), contact.state);
        contact.state |= PendingContacts.ACCEPTED;
        ports.remove(contact);
        final Contact next = contact(1, 2, 22, 6);
        next.state = state;
        assertEquals(1, ports.add(next));
    }

    @Test
    void shouldBeginWithNothing()
    {
        final UnsafeBuffer used = new UnsafeBuffer(new byte[PendingPorts.memoryLength(PENDING_MAX)]);
        used.setMemory(0, used.capacity(), (byte)0xff);
        assertEquals(1, new PendingPorts(used, PENDING_MAX, new KeyedHash(1, 2)).add(contact(1, 2, 80, 6)));
    }

    @Test
    void shouldSeldomSayTooManyWhenAsManyWaitAsCan()
    {
        final Random random = new Random(5);
        for (int pair = 0; pair < PENDING_MAX; pair++)
        {
            ports.add(contact(random.nextLong(), random.nextLong(), 80, 6));
        }
        int wrong = 0;
        final int trials = 20_000;
        for (int trial = 0; trial < trials; trial++)
        {
            final Contact contact = contact(random.nextLong(), random.nextLong(), 80, 6);
            final int count = ports.add(contact);
            assertTrue(count >= 1);
            wrong += count > 2 ? 1 : 0;
            ports.remove(contact);
        }
        // 0.0081 of them by the model; four standard errors.
        assertEquals(0.0081 * trials, wrong, 4 * Math.sqrt(0.0081 * trials));
    }
}
