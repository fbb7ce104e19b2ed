package io.aswarm.dataplane;

import io.aswarm.sketch.LocalPolicyConfig;
import org.junit.jupiter.api.Test;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class DetectionMemoryTest
{
    private static final double ROUNDING_MEBIBYTES = 0.2;

    @Test
    void shouldStateTheSumAndEachPart()
    {
        final String text = DetectionMemory.describe(LocalPolicyConfig.builder().hashKey(1, 2).build());

        final Matcher sum = Pattern.compile("fixed: ([0-9.]+) MiB: ").matcher(text);
        assertTrue(sum.find(), text);
        double parts = 0;
        int count = 0;
        for (final Matcher part = Pattern.compile("[A-Za-z]+ ([0-9.]+)(, |$)").matcher(text); part.find(); count++)
        {
            parts += Double.parseDouble(part.group(1));
        }
        assertTrue(count > 10, text);
        assertEquals(Double.parseDouble(sum.group(1)), parts, ROUNDING_MEBIBYTES, text);
    }

    @Test
    void shouldGrowWithWhatIsConfigured()
    {
        final LocalPolicyConfig.Builder config = LocalPolicyConfig.builder().hashKey(1, 2);
        assertTrue(contacts(config.contactsMax(1 << 20).build()) > 2 * contacts(config.contactsMax(1 << 18).build()));
    }

    private static double contacts(final LocalPolicyConfig config)
    {
        final Matcher part = Pattern.compile(" FirstContacts ([0-9.]+)").matcher(DetectionMemory.describe(config));
        assertTrue(part.find());
        return Double.parseDouble(part.group(1));
    }
}
