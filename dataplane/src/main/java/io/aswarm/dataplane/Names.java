package io.aswarm.dataplane;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.aswarm.actuator.Role;
import io.aswarm.ebpf.IpAddress;
import io.aswarm.journal.Finding;
import io.aswarm.sketch.ComposedScenario;
import io.aswarm.sketch.DetectorCatalog;
import io.aswarm.sketch.Scenario;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The words that leave the node: for addresses, and for what a subject did. A detector knows one kind of evidence, for
 * example failed first contacts; the name of the pattern is known at the elevation, from what the contacts aimed at.
 */
public final class Names
{
    /** Many ports of few hosts. */
    public static final String PORT_SCAN = "port-scan";
    /** One port of many hosts. */
    public static final String SWEEP = "sweep";
    /** Openings that are never completed. */
    public static final String SYN_FLOOD = "syn-flood";

    private static final String SIGNAL_PREFIX = "s";
    /** In the order of their bits in io.aswarm.quorum.Verification; a test holds that. */
    static final List<String> VERIFICATIONS = Finding.VERIFICATIONS;

    /** Composed scenarios of the catalogs read in this process. A code is drawn from its name, so it has one only. */
    private static final Map<Integer, String> COMPOSED = new ConcurrentHashMap<>();

    private Names()
    {
    }

    /** Know the scenarios that a catalog composes by their names. */
    static void know(final DetectorCatalog catalog)
    {
        catalog.rules().stream().filter((rule) -> ComposedScenario.isCode(rule.givesCode()))
            .forEach((rule) -> COMPOSED.put(rule.givesCode(), rule.gives()));
    }

    /**
     * Name of a pattern, as the catalog knows it.
     *
     * @param scenario      code of the detector.
     * @param aimPort       the one port, or 0 for several.
     * @param distinctHosts that were aimed at.
     * @return the name.
     */
    public static String pattern(final int scenario, final int aimPort, final int distinctHosts)
    {
        if (Scenario.FLOOD.code() == scenario)
        {
            return SYN_FLOOD;
        }
        if (Scenario.SCAN.code() == scenario)
        {
            return 0 != aimPort && distinctHosts > 1 ? SWEEP : PORT_SCAN;
        }
        return signal(scenario);
    }

    /**
     * Name of a kind of evidence, before it is elevated.
     *
     * @param scenario code of the detector.
     * @return the detector's own label, or that of a composed scenario.
     */
    public static String signal(final int scenario)
    {
        for (final Scenario each : Scenario.values())
        {
            if (each.code() == scenario)
            {
                return each.label();
            }
        }
        return COMPOSED.getOrDefault(scenario, "scenario-" + scenario);
    }

    /** What a subject is to the traffic, by its code. */
    static String role(final int code)
    {
        return Role.AIM.code() == code ? Role.AIM.label() : Role.SOURCE.label();
    }

    /** How a signal is named, so that it is not taken for an elevation. */
    static String signalId(final long id)
    {
        return SIGNAL_PREFIX + id;
    }

    /** Number of a signal by its name, or 0 where it is none. */
    static long signalNumber(final String id)
    {
        return id.matches(SIGNAL_PREFIX + "[1-9][0-9]{0,17}") ? Long.parseLong(id.substring(1)) : 0;
    }

    /**
     * How a source is known to have sent what is held against it.
     *
     * @param verification bits; negative where nobody says.
     * @return the words: empty for a source that was merely shown, and for an aim.
     */
    public static ArrayNode verification(final int verification)
    {
        final ArrayNode words = JsonNodeFactory.instance.arrayNode();
        verificationWords(verification).forEach(words::add);
        return words;
    }

    /** As above, as a list. */
    static List<String> verificationWords(final int verification)
    {
        return verification < 0 ? List.of("unknown") : Finding.verificationWords(verification);
    }

    /** Write a list of words as a member. */
    static void write(final JsonGenerator to, final String name, final List<String> words) throws IOException
    {
        to.writeArrayFieldStart(name);
        for (final String word : words)
        {
            to.writeString(word);
        }
        to.writeEndArray();
    }

    /**
     * Text of an address.
     *
     * @param high first eight bytes.
     * @param low  last eight bytes.
     * @return RFC 5952, or dotted for IPv4; empty where both halves are 0.
     */
    public static String address(final long high, final long low)
    {
        return 0 == high && 0 == low ? "" : new IpAddress(high, low).toString();
    }
}
