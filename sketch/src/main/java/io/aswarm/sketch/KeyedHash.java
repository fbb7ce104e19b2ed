package io.aswarm.sketch;

/**
 * SipHash-1-3 over whole 64-bit words (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, with one
 * compression and three finalisation rounds as Linux and Rust use it for hash tables). Whoever knows this code but not
 * the key cannot aim collisions; two inputs share a value with probability 2^-64.
 * <p>
 * The state lives in fields so that the rounds read as in the paper; therefore not thread-safe.
 */
final class KeyedHash
{
    private final long keyHigh;
    private final long keyLow;
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    /**
     * @param keyHigh second word of the key ({@code k1} in the paper).
     * @param keyLow  first word of the key ({@code k0} in the paper).
     */
    KeyedHash(final long keyHigh, final long keyLow)
    {
        this.keyHigh = keyHigh;
        this.keyLow = keyLow;
    }

    /**
     * A generator with a key derived from this one, for a structure whose collisions must be independent.
     *
     * @param purpose small number, different for each structure.
     * @return a hash with another key.
     */
    KeyedHash derive(final long purpose)
    {
        return new KeyedHash(hash(purpose, 1), hash(purpose, 2));
    }

    long keyHigh()
    {
        return keyHigh;
    }

    long keyLow()
    {
        return keyLow;
    }

    long hash(final long first, final long second)
    {
        start();
        compress(first);
        compress(second);
        return finish(2 * Long.BYTES);
    }

    long hash(final long first, final long second, final long third, final long fourth, final long fifth)
    {
        start();
        compress(first);
        compress(second);
        compress(third);
        compress(fourth);
        compress(fifth);
        return finish(5 * Long.BYTES);
    }

    /** Of a conversation: both ends, the service's port and the protocol. In IPv4 the ends are one word. */
    long hash(final Conversation c)
    {
        return ends(
            c.initiatorHigh(), c.initiatorLow(), c.responderHigh(), c.responderLow(),
            (long)c.responderPort() << 8 | c.protocol());
    }

    /** Of a contact, the same as of the conversation that it begins. */
    long hash(final Contact contact)
    {
        return ends(
            contact.sourceHigh, contact.sourceLow, contact.destinationHigh, contact.destinationLow,
            (long)contact.port << 8 | contact.protocol);
    }

    private long ends(
        final long fromHigh, final long fromLow, final long toHigh, final long toLow, final long service)
    {
        if (Contact.isIpv4(fromHigh, fromLow) && Contact.isIpv4(toHigh, toLow))
        {
            return hash(fromLow << Integer.SIZE | (toLow & 0xffff_ffffL), service);
        }
        return hash(fromHigh, fromLow, toHigh, toLow, service);
    }

    private void start()
    {
        v0 = keyLow ^ 0x736f6d6570736575L;
        v1 = keyHigh ^ 0x646f72616e646f6dL;
        v2 = keyLow ^ 0x6c7967656e657261L;
        v3 = keyHigh ^ 0x7465646279746573L;
    }

    private void compress(final long word)
    {
        v3 ^= word;
        round();
        v0 ^= word;
    }

    private long finish(final long lengthBytes)
    {
        compress(lengthBytes << 56);
        v2 ^= 0xff;
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round()
    {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }

    /**
     * A second word from a hash that is already secret: the finaliser of SplitMix64 (Steele, Lea, Flood 2014), a
     * bijection.
     */
    static long second(final long hash)
    {
        final long moved = hash + 0x9e3779b97f4a7c15L;
        final long once = (moved ^ (moved >>> 30)) * 0xbf58476d1ce4e5b9L;
        final long twice = (once ^ (once >>> 27)) * 0x94d049bb133111ebL;
        return twice ^ (twice >>> 31);
    }
}
