package io.aswarm.sketch;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class KeyedHashTest
{
    private static final long KEY_HIGH = 0x0f0e0d0c0b0a0908L;
    private static final long KEY_LOW = 0x0706050403020100L;
    private static final Pattern PURPOSE =
        Pattern.compile("(derive|fanOut|FloodedVictims)\\((?:[^();]*, )?(\\d+)\\)");

    @Test
    void shouldTrustTheReferenceWhenItGivesThePapersVector()
    {
        // Appendix A of the paper: SipHash-2-4 of the bytes 00 to 0e under the key 00 to 0f.
        final byte[] input = new byte[15];
        for (int i = 0; i < input.length; i++)
        {
            input[i] = (byte)i;
        }
        assertEquals(0xa129ca6149be45e5L, sipHash(2, 4, KEY_HIGH, KEY_LOW, input));
    }

    /** Collisions in one structure of a policy say nothing of another's while no number of a key stands twice. */
    @Test
    void shouldBeDerivedForEachPurposeOnce() throws IOException
    {
        final Map<Integer, String> owners = new HashMap<>();
        try (Stream<Path> sources = Files.list(Path.of("src/main/java/io/aswarm/sketch")))
        {
            for (final Path source : sources.filter((each) -> !each.endsWith("SpreadSketch.java")).toList())
            {
                final Matcher purpose = PURPOSE.matcher(Files.readString(source));
                while (purpose.find())
                {
                    final int first = Integer.parseInt(purpose.group(2));
                    // These take the number after it too.
                    final int last = "FloodedVictims".equals(purpose.group(1)) ? first + 1 : first;
                    for (int number = first; number <= last; number++)
                    {
                        assertNull(owners.put(number, source.toString()), source + ": " + number);
                    }
                }
            }
        }
        assertTrue(owners.size() > 40, owners.toString());
    }

    @Test
    void shouldEqualTheReferenceWhenKeysAndWordsAreRandom()
    {
        final Random random = new Random(20061120L);
        for (int i = 0; i < 1_000; i++)
        {
            final long high = random.nextLong();
            final long low = random.nextLong();
            final KeyedHash hash = new KeyedHash(high, low);
            final long[] words = random.longs(5).toArray();
            assertEquals(sipHash(1, 3, high, low, bytes(words[0], words[1])), hash.hash(words[0], words[1]));
            assertEquals(
                sipHash(1, 3, high, low, bytes(words)),
                hash.hash(words[0], words[1], words[2], words[3], words[4]));
        }
    }

    @Test
    void shouldTakeOneWordForBothEndsOfAConversationWhenTheyAreOfIpv4()
    {
        final KeyedHash hash = new KeyedHash(KEY_HIGH, KEY_LOW);
        final long source = 0x0000_ffff_c612_0001L;
        final long server = 0x0000_ffff_c613_8002L;
        final long service = 443L << 8 | ConversationKind.TCP;
        assertEquals(
            hash.hash(0xc612_0001_c613_8002L, service), hash.hash(conversation(0, source, 0, server)));
        assertEquals(
            hash.hash(0, source, 1, server, service), hash.hash(conversation(0, source, 1, server)));
        assertEquals(
            hash.hash(1, source, 0, server, service), hash.hash(conversation(1, source, 0, server)));
        assertEquals(
            hash.hash(0, source, 0, 0x0001_ffff_c613_8002L, service),
            hash.hash(conversation(0, source, 0, 0x0001_ffff_c613_8002L)));
    }

    private static TestConversation conversation(
        final long sourceHigh, final long sourceLow, final long serverHigh, final long serverLow)
    {
        final TestConversation conversation = new TestConversation();
        conversation.initiatorHigh = sourceHigh;
        conversation.initiatorLow = sourceLow;
        conversation.responderHigh = serverHigh;
        conversation.responderLow = serverLow;
        conversation.responderPort = 443;
        return conversation;
    }

    @Test
    void shouldDifferWhenPurposesDiffer()
    {
        final KeyedHash hash = new KeyedHash(KEY_HIGH, KEY_LOW);
        assertNotEquals(hash.derive(1).hash(7, 7), hash.derive(2).hash(7, 7));
        assertEquals(hash.derive(1).hash(7, 7), hash.derive(1).hash(7, 7));
    }

    private static byte[] bytes(final long... words)
    {
        final ByteBuffer buffer = ByteBuffer.allocate(words.length * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (final long word : words)
        {
            buffer.putLong(word);
        }
        return buffer.array();
    }

    /** The paper's algorithm byte by byte, with c compression and d finalisation rounds. */
    private static long sipHash(final int c, final int d, final long k1, final long k0, final byte[] input)
    {
        final long[] v =
            {k0 ^ 0x736f6d6570736575L, k1 ^ 0x646f72616e646f6dL, k0 ^ 0x6c7967656e657261L, k1 ^ 0x7465646279746573L};
        final int words = input.length / 8 + 1;
        for (int word = 0; word < words; word++)
        {
            long m = word == words - 1 ? (long)input.length << 56 : 0;
            for (int i = 0; i < 8 && word * 8 + i < input.length; i++)
            {
                m |= (input[word * 8 + i] & 0xffL) << (8 * i);
            }
            v[3] ^= m;
            rounds(c, v);
            v[0] ^= m;
        }
        v[2] ^= 0xff;
        rounds(d, v);
        return v[0] ^ v[1] ^ v[2] ^ v[3];
    }

    private static void rounds(final int count, final long[] v)
    {
        for (int i = 0; i < count; i++)
        {
            v[0] += v[1];
            v[2] += v[3];
            v[1] = Long.rotateLeft(v[1], 13);
            v[3] = Long.rotateLeft(v[3], 16);
            v[1] ^= v[0];
            v[3] ^= v[2];
            v[0] = Long.rotateLeft(v[0], 32);
            v[2] += v[1];
            v[0] += v[3];
            v[1] = Long.rotateLeft(v[1], 17);
            v[3] = Long.rotateLeft(v[3], 21);
            v[1] ^= v[2];
            v[3] ^= v[0];
            v[2] = Long.rotateLeft(v[2], 32);
        }
    }
}
