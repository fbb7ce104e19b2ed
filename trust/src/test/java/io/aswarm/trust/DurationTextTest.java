package io.aswarm.trust;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.junit.jupiter.api.Assertions.assertEquals;

class DurationTextTest
{
    @ParameterizedTest
    @CsvSource({"0ns, 0", "7ns, 7", "250us, 250000", "10ms, 10000000", "30s, 30000000000", "5m, 300000000000",
        "1h, 3600000000000", "2H, 7200000000000", "2562047h, 9223369200000000000"})
    void shouldReadANumberWithItsUnit(final String text, final long durationNs)
    {
        assertEquals(durationNs, DurationText.parseNs(text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "s", "-1s", "1.5s", "1 s", "1d", "2562048h", "1234567890123s", "1s "})
    void shouldRefuseWhatIsNoneOrTooLong(final String text)
    {
        assertEquals(DurationText.NONE, DurationText.parseNs(text));
    }

    @ParameterizedTest
    @CsvSource({"0, 0ns", "999, 999ns", "1000, 1us", "1001, 1001ns", "90000000000, 90s", "120000000000, 2m",
        "3600000000000, 1h"})
    void shouldSayItInTheLargestUnitThatFits(final long durationNs, final String text)
    {
        assertEquals(text, DurationText.of(durationNs));
    }
}
