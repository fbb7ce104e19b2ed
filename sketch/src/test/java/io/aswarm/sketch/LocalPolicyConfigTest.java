package io.aswarm.sketch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

class LocalPolicyConfigTest
{
    @ParameterizedTest
    @CsvSource(
    {
        "weakNats, 0.1, 32.0", "stepNats, 0.1, 100.0", "evidenceMaxNats, 2.0, 1000.0",
        "halfLifeNs, 1000000000, 86400000000000", "quietNs, 1000000000, 86400000000000",
        "benignSuccess, 0.5, 0.999", "scannerSuccess, 0.001, 0.5",
        "answerTimeoutNs, 1000000, 60000000000",
        "repeatNs, 1000000000, 86400000000000",
        "contactMemoryNs, 1000000000, 86400000000000",
        "benignUnfinishedPerSecond, 0.1, 250.0", "floodUnfinishedPerSecond, 100.0, 1000000.0",
        "floodBurst, 0, 10000", "floodGraceNs, 100000, 10000000000", "floodTrackMin, 1, 1000",
        "openingsDepth, 1, 8", "openingsWindowNs, 1000000, 60000000000",
        "contactsMax, 64, 67108864", "networksMax, 64, 1048576", "pendingMax, 8, 8388608",
        "suspectsMax, 8, 1048576", "floodsMax, 8, 1048576", "openingsWidth, 8, 16777216",
    })
    void shouldAllowTheLimitsAndNothingBeyond(final String name, final String least, final String most)
    {
        assertDoesNotThrow(() -> build(name, least, 0));
        assertDoesNotThrow(() -> build(name, most, 0));
        refuses(name, least, -1);
        refuses(name, most, 1);
    }

    private static void refuses(final String name, final String limit, final int direction)
    {
        final Exception ex =
            assertThrows(IllegalArgumentException.class, () -> build(name, limit, direction), name);
        // A limit that depends on another value names that one: the ceiling, or the flood's rate.
        assertTrue(
            List.of(name, "evidenceMaxNats", "floodUnfinishedPerSecond").contains(ex.getMessage().split("=", 2)[0]),
            ex.getMessage());
        assertTrue(ex.getMessage().contains("allowed: "), ex.getMessage());
    }

    /** Set one value by name to a limit, or to the next number beyond it. */
    private static LocalPolicyConfig build(final String name, final String limit, final int direction)
    {
        final LocalPolicyConfig.Builder builder = PolicyHarness.config();
        final Method setter = Arrays.stream(LocalPolicyConfig.Builder.class.getMethods())
            .filter((method) -> method.getName().equals(name)).findFirst().orElseThrow();
        final Class<?> type = setter.getParameterTypes()[0];
        try
        {
            if (type == double.class)
            {
                final double value = Double.parseDouble(limit);
                setter.invoke(builder, direction == 0 ? value :
                    direction < 0 ? Math.nextDown(value) : Math.nextUp(value));
            }
            else if (type == long.class)
            {
                setter.invoke(builder, Long.parseLong(limit) + direction);
            }
            else
            {
                setter.invoke(builder, Integer.parseInt(limit) + direction);
            }
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new AssertionError(name, ex);
        }
        return builder.build();
    }

    @Test
    void shouldRefuseWhenSizesAreNoPowersOfTwo()
    {
        assertThrows(IllegalArgumentException.class, () -> PolicyHarness.config().suspectsMax(24).build());
        assertThrows(IllegalArgumentException.class, () -> PolicyHarness.config().openingsWidth(1_000).build());
    }

    @Test
    void shouldRefuseWhenModelsContradict()
    {
        assertThrows(
            IllegalArgumentException.class,
            () -> PolicyHarness.config().benignSuccess(0.5).scannerSuccess(0.5).build());
        assertThrows(IllegalArgumentException.class, () -> PolicyHarness.config().weakNats(Double.NaN).build());
    }

    @Test
    void shouldRefuseWhenTheHashKeyIsMissing()
    {
        final Exception ex =
            assertThrows(NullPointerException.class, () -> LocalPolicyConfig.builder().build());
        assertTrue(ex.getMessage().contains("hashKey"));
    }

    @Test
    void shouldNotPrintTheHashKey()
    {
        final String text = LocalPolicyConfig.builder().hashKey(1234567891L, 9876543211L).build().toString();
        assertFalse(text.contains("1234567891") || text.contains("9876543211"), text);
    }

    @Test
    void shouldBoundTheExemptions()
    {
        final Exemption exemption = new Exemption(0, 0, 0);
        assertEquals(
            1_024,
            PolicyHarness.config().exemptions(Collections.nCopies(1_024, exemption)).build().exemptions().size());
        final List<Exemption> tooMany = Collections.nCopies(1_025, exemption);
        assertThrows(IllegalArgumentException.class, () -> PolicyHarness.config().exemptions(tooMany).build());
    }

    @ParameterizedTest
    @CsvSource({"0", "1", "63", "64", "65", "127", "128"})
    void shouldContainItsPrefixToTheBit(final int lengthBits)
    {
        final long high = lengthBits == 0 ? 0 : 1L << 63;
        final Exemption exemption = new Exemption(high, 0, lengthBits);
        assertTrue(exemption.contains(high, 0));
        if (lengthBits > 0)
        {
            final int last = 128 - lengthBits;
            assertFalse(exemption.contains(
                high ^ (last >= 64 ? 1L << (last - 64) : 0), last >= 64 ? 0 : 1L << last), "last bit that counts");
        }
        if (lengthBits < 128)
        {
            final int next = 127 - lengthBits;
            assertTrue(exemption.contains(
                high ^ (next >= 64 ? 1L << (next - 64) : 0), next >= 64 ? 0 : 1L << next), "first that does not");
        }
    }

    @Test
    void shouldRefuseWhenAPrefixIsNotOne()
    {
        assertThrows(IllegalArgumentException.class, () -> new Exemption(0, 0, -1));
        assertThrows(IllegalArgumentException.class, () -> new Exemption(0, 0, 129));
        assertThrows(IllegalArgumentException.class, () -> new Exemption(0, 1, 127));
        assertThrows(IllegalArgumentException.class, () -> new Exemption(1, 0, 63));
        assertDoesNotThrow(() -> new Exemption(0, 2, 127));
    }
}
