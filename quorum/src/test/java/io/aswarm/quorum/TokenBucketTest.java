package io.aswarm.quorum;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TokenBucketTest
{
    @Test
    void shouldGiveTheBurstThenOneTokenEachIntervalToTheNanosecond()
    {
        final TokenBucket bucket = new TokenBucket(1_000, 3, 50);
        assertTrue(bucket.tryTake(3, 50));
        assertFalse(bucket.tryTake(1, 50 + 999_999));
        assertTrue(bucket.tryTake(1, 50 + 1_000_000));
        assertFalse(bucket.tryTake(1, 50 + 1_000_000));
    }

    @Test
    void shouldKeepTheReserveForWhatMattersMore()
    {
        final TokenBucket bucket = new TokenBucket(1, 10, 0);
        assertTrue(bucket.tryTake(4, 5, 0));
        assertFalse(bucket.tryTake(2, 5, 0));
        assertTrue(bucket.tryTake(1, 5, 0));
        assertFalse(bucket.tryTake(1, 5, 0));
        assertTrue(bucket.tryTake(5, 0));
    }

    @Test
    void shouldNotSaveUpMoreThanTheBurst()
    {
        final TokenBucket bucket = new TokenBucket(TokenBucket.TOKENS_MAX, 3, 0);
        assertTrue(bucket.tryTake(3, 0));
        assertTrue(bucket.tryTake(3, Long.MAX_VALUE));
        assertFalse(bucket.tryTake(1, Long.MAX_VALUE));
    }

    @Test
    void shouldGiveNothingWhenTheClockRunsBackwards()
    {
        final TokenBucket bucket = new TokenBucket(1, 1, 1_000);
        assertTrue(bucket.tryTake(1, 1_000));
        assertFalse(bucket.tryTake(1, -5_000_000_000L));
        assertFalse(bucket.tryTake(1, 1_000 + 999_999_999L));
        assertTrue(bucket.tryTake(1, 1_000 + 1_000_000_000L));
    }

    @Test
    void shouldHoldTheRateOverALongTimeOfOddIntervals()
    {
        final TokenBucket bucket = new TokenBucket(777, 1, 0);
        int taken = 0;
        for (long nowNs = 0; nowNs <= 100_000_000_000L; nowNs += 333_333)
        {
            taken += bucket.tryTake(1, nowNs) ? 1 : 0;
        }
        assertTrue(taken <= 77_701 && taken >= 70_000, "taken=" + taken);
    }

    @Test
    void shouldRefuseRatesThatWouldOverflow()
    {
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(TokenBucket.TOKENS_MAX + 1, 1, 0));
        assertThrows(IllegalArgumentException.class, () -> new TokenBucket(0, 1, 0));
        assertEquals("tokensPerSecond=1 capacity=0; allowed: 1 to 1000000000",
            assertThrows(IllegalArgumentException.class, () -> new TokenBucket(1, 0, 0)).getMessage());
    }
}
