package io.aswarm.quorum;

import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

import java.util.Arrays;
import java.util.Random;

import static io.aswarm.quorum.Site.T0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DepositVerifierTest
{
    private final Site site = new Site(2);
    private final byte[] good = site.deposit(2, -1L).milliNats(5_250).seen(T0 - 5, T0).aim(9, 443)
        .verification(Verification.EXCHANGE | Verification.CHALLENGE).signed().byteArray();

    @Test
    void shouldReadBackWhatWasSigned()
    {
        final DepositVerifier.Result result = DepositVerifier.verify(good, site.roster);
        assertTrue(result.isAuthentic());
        assertEquals(
            new Deposit(
                2, T0, -1L, Site.SCAN, 0, 0x0000_ffff_c612_0001L, 5.25, 12, 3, 4, 443, 0, 9, T0 - 5, T0, T0, 0,
                SubjectRole.SOURCE, 5),
            result.deposit());
    }

    @Test
    void shouldNoticeEveryChangedBit()
    {
        for (int bit = 0; bit < good.length * 8; bit++)
        {
            final byte[] changed = good.clone();
            changed[bit >> 3] ^= (byte)(1 << (bit & 7));
            assertFalse(DepositVerifier.verify(changed, site.roster).isAuthentic(), "bit=" + bit);
        }
    }

    @Test
    void shouldSayWhatIsWrong()
    {
        assertEquals(Verdict.MALFORMED, DepositVerifier.verify(new byte[0], site.roster).verdict());
        assertEquals(Verdict.MALFORMED,
            DepositVerifier.verify(Arrays.copyOf(good, good.length - 1), site.roster).verdict());
        assertEquals(Verdict.MALFORMED,
            DepositVerifier.verify(Arrays.copyOf(good, good.length + 1), site.roster).verdict());
        assertEquals(Verdict.UNKNOWN_SENDER, DepositVerifier.verify(good, new Site(1).roster).verdict());
        final DepositVerifier.Result forged = DepositVerifier.verify(good, new Site(2).roster);
        assertEquals(Verdict.BAD_SIGNATURE, forged.verdict());
        assertEquals(2, forged.deposit().nodeId());
    }

    @Test
    void shouldNotTakeAPresenceForADeposit()
    {
        final UnsafeBuffer presence =
            new UnsafeBuffer(new byte[DepositDescriptor.PRESENCE_LENGTH]);
        new OwnMessages(new QuorumConfig(site.roster, 1, site.signers.get(0), T0)).presence(presence, 0, 1, 0, T0);
        final DepositVerifier.Result result = DepositVerifier.verify(presence.byteArray(), site.roster);
        assertEquals(Verdict.MALFORMED, result.verdict());
        assertNull(result.deposit());
    }

    @Test
    void shouldNeverThrowWhateverTheBytes()
    {
        final Random random = new Random(11);
        for (int i = 0; i < 20_000; i++)
        {
            final byte[] bytes = new byte[random.nextInt(2 * DepositDescriptor.LENGTH)];
            random.nextBytes(bytes);
            assertFalse(DepositVerifier.verify(bytes, site.roster).isAuthentic());
        }
    }
}
