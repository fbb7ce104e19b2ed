package io.aswarm.dataplane;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.aswarm.sketch.LeaderReader;
import io.aswarm.sketch.LocalPolicy;

import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who fails most, for {@code aswarm status}: evidence or not. Any thread.
 */
final class LeaderList implements LeaderReader
{
    private static final int SHOWN_MAX = 10;

    private final ObjectNode failing = JsonNodeFactory.instance.objectNode();
    private final ArrayNode most = JsonNodeFactory.instance.arrayNode();
    private final Map<String, Integer> targetsBySource = new TreeMap<>();

    /** The first contacts of the last minute that failed, whose were the most, and whose went to the most places. */
    ObjectNode of(final LocalPolicy policy)
    {
        if (policy.leaders(this))
        {
            failing.set("most", most);
            final ArrayNode widest = failing.putArray("widest");
            targetsBySource.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder()))
                .limit(SHOWN_MAX)
                .forEach((each) -> widest.addObject().put("source", each.getKey()).put("targets", each.getValue()));
        }
        return failing;
    }

    @Override
    public void onFailures(final long failures)
    {
        failing.put("first_contacts_in_a_minute", failures);
    }

    @Override
    public void onFailing(final long high, final long low, final long failures, final long error)
    {
        if (most.size() < SHOWN_MAX)
        {
            most.addObject().put("source", Names.address(high, low)).put("failures", failures).put("error", error);
        }
    }

    @Override
    public void onSpreading(final long high, final long low, final int targets)
    {
        targetsBySource.merge(Names.address(high, low), targets, Math::max);
    }
}
