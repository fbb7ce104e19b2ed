package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;

import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * The open corpus as it might have been ({@link Variation}): what was learned from its files must hold of others. To
 * look at other draws, run {@code aswarm evaluate --vary SEED --manifest MANIFEST.tsv}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class VariedCorpusIT
{
    private static final String SEED = "4";

    private JsonNode report;

    @BeforeAll
    void evaluate() throws IOException
    {
        report = OpenCorpus.evaluate("--vary", SEED);
    }

    /** Raise a floor when it is passed; lower one only with a reason in the commit. */
    @ParameterizedTest
    @CsvSource({
        "scan,       1.00",
        "flood,      1.00",
        "bruteforce, 1.00",
        "flow,       1.00",
        "beacon,     0.83",
        "exfil,      0.90",
        "lateral,    1.00",
        "process,    1.00",
    })
    void shouldCallWhatCanBeDecidedHoweverItIsVaried(final String kind, final double floor)
    {
        final JsonNode its = report.path("kinds").path(kind);
        assertTrue(its.path("decidable").asInt() > 0, kind + " " + its);
        assertTrue(its.path("recall").asDouble() >= floor, kind + " " + its);
        assertTrue(its.path("recall_ci95").path(0).asDouble() < its.path("recall").asDouble(), kind + " " + its);
    }

    @Test
    void shouldAccuseHardlyAnybodyHoweverItIsVaried()
    {
        for (final String group : new String[]{"benign", "bystanders"})
        {
            assertTrue(report.path(group).path("windows_10s").asLong() > 5_000, report.path(group).toString());
            assertTrue(report.path(group).path("rate").asDouble() <= 0.0005, group + " " + report.path(group));
        }
    }
}
