package io.aswarm.twinlab;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

/**
 * Traffic that nobody here made: the whole open corpus, half a minute of one processor, within a time bound.
 * What was reached is held: a floor for recall and a ceiling for false positives. To see which recordings are behind a
 * figure, run {@code aswarm evaluate --manifest MANIFEST.tsv}.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(300)
class OpenCorpusIT
{
    private JsonNode report;

    @BeforeAll
    void evaluate() throws IOException
    {
        report = OpenCorpus.evaluate();
    }

    /** Raise a floor when it is passed; lower one only with a reason in the commit. */
    @ParameterizedTest
    @CsvSource({
        "scan,       0.94",
        "flood,      1.00",
        "bruteforce, 1.00",
        "beacon,     1.00",
        "exfil,      1.00",
        "process,    1.00",
        "lateral,    1.00",
    })
    void shouldCallWhatCanBeDecided(final String kind, final double floor)
    {
        final JsonNode its = report.path("kinds").path(kind);
        assertTrue(its.path("decidable").asInt() > 0, kind + " " + its);
        assertTrue(its.path("recall").asDouble() >= floor, kind + " " + its);
    }

    @Test
    void shouldAccuseHardlyAnybodyOfBenignTraffic()
    {
        final JsonNode benign = report.path("benign");
        assertTrue(benign.path("windows_10s").asLong() > 18_000, benign.toString());
        assertTrue(benign.path("rate").asDouble() <= 0.001, benign.toString());
    }

    @Test
    void shouldCallMoreScansThanEveryReference()
    {
        final JsonNode references = report.path("references");
        assertEquals(4, references.size());
        final long ours = report.path("kinds").path("scan").path("detected_all").asLong();
        references.properties().forEach((reference) -> assertTrue(
            reference.getValue().path("kinds").path("scan").path("detected").asLong() <= ours,
            reference.getKey() + " " + reference.getValue()));
    }
}
