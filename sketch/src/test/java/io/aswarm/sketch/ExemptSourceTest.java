package io.aswarm.sketch;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

/** Nothing is held against a source that is declared, whatever it does; within the rate that it was declared for. */
class ExemptSourceTest
{
    private static final int HOST = 7;

    @ParameterizedTest
    @EnumSource(ForgedSourceTest.Attack.class)
    void shouldHoldNothingAgainstADeclaredSource(final ForgedSourceTest.Attack attack)
    {
        try (PolicyHarness net = new PolicyHarness(PolicyHarness.shipped()
            .exemptions(List.of(new Exemption(0, 0x0000_ffff_c612_0000L + HOST, 128))).build()))
        {
            for (int i = 1; i <= 100; i++)
            {
                attack.step(net, i);
            }
            net.leap(2 * PolicyHarness.SECOND_NS);
            assertEquals(
                List.of(), net.signals.stream().filter((s) -> s.subjectLow() == net.low(HOST)).toList());
        }
    }
}
