package io.aswarm.sketch;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

class ExemptionsTest
{
    private static final long CHECKER_LOW = 0x0000_ffff_c612_0001L;

    @ParameterizedTest
    @CsvSource({"999999999,0", "1000000000,3"})
    void shouldSpareSoManyInASecondWhenTheExemptionHasARate(final long laterNs, final int sparedLater)
    {
        try (PolicyHarness net = new PolicyHarness(PolicyHarness.config()
            .exemptions(List.of(new Exemption(0, CHECKER_LOW, 128, 3))).build()))
        {
            for (int port = 1; port <= 5; port++)
            {
                net.refused(1, 20, port);
            }
            assertEquals(3, net.count(SketchCounter.EXEMPTED));
            assertEquals(2, net.count(SketchCounter.EXEMPTION_EXCEEDED));
            assertEquals(1, net.scans().size(), "beyond its rate it is a source like any other");
            net.nowNs += laterNs;
            for (int port = 6; port <= 8; port++)
            {
                net.refused(1, 20, port);
            }
            assertEquals(3 + sparedLater, net.count(SketchCounter.EXEMPTED));
        }
    }

    @Test
    void shouldSpareWithoutBoundWhenNoRateIsDeclared()
    {
        try (PolicyHarness net = new PolicyHarness(PolicyHarness.config()
            .exemptions(List.of(new Exemption(0, CHECKER_LOW, 128))).build()))
        {
            for (int port = 1; port <= 5_000; port++)
            {
                net.refused(1, 20, port);
            }
            assertEquals(List.of(), net.scans());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1})
    void shouldRefuseWhenTheRateIsNotAllowed(final int perSecondMax)
    {
        assertThrows(IllegalArgumentException.class, () -> new Exemption(0, CHECKER_LOW, 128, perSecondMax));
    }
}
