package io.aswarm.twinlab;

import io.aswarm.trust.CanonicalJson;
import io.aswarm.trust.DocumentException;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RunObserverTest
{
    private static final String SOURCE = "198.18.200.1";

    private final RunObserver observer = new RunObserver(RackPlan.bytes(SOURCE));

    @Test
    void shouldTakeTheEarliestStampOfAnyNodeWhenSeveralSawTheSource() throws DocumentException
    {
        take(2, "'event':'signal','subject':'198.18.200.1','first_seen_ns':'900'");
        take(1, "'event':'signal','subject':'198.18.200.1','first_seen_ns':'950'");
        take(3, "'event':'signal','subject':'198.18.200.9','first_seen_ns':'1'");

        assertEquals(900, observer.firstSeenNs());
    }

    @Test
    void shouldKeepTheFirstElevationAndCountTheOthers() throws DocumentException
    {
        take(1, "'event':'elevation','subject':'198.18.200.1','scenario':'sweep','elevated_ns':'10'," +
            "'witnesses':['gw1','gw2','gw3']");
        take(1, "'event':'elevation','subject':'198.18.200.1','scenario':'port-scan','elevated_ns':'20'," +
            "'witnesses':['gw1']");

        assertEquals(10, observer.elevatedNs(1));
        assertEquals(3, observer.witnesses(1));
        assertEquals("sweep", observer.pattern(1));
        assertEquals(2, observer.elevations(1));
        assertEquals(0, observer.elevatedNs(2));
    }

    @Test
    void shouldCountOnlyCertificatesOfActsOnTheSource() throws DocumentException
    {
        take(1, "'event':'certificate','act_id':'5'");
        take(1, "'event':'effective','subject':'198.18.200.1','act_id':'5','effective_ns':'7','deadline_ns':'9'");
        take(1, "'event':'certificate','act_id':'5'");
        take(1, "'event':'certificate','act_id':'6'");
        take(2, "'event':'certificate','act_id':'5'");

        assertEquals(1, observer.certificates(1));
        assertEquals(0, observer.certificates(2));
        assertEquals(7, observer.effectiveNs(1));
        assertEquals(9, observer.deadlineNs(1));
    }

    @Test
    void shouldKnowTheSourceInAnySpelling() throws DocumentException
    {
        final RunObserver six = new RunObserver(RackPlan.bytes("2001:2:0:c8::1"));

        assertTrue(six.onEvent(1, event("'event':'signal','subject':'2001:0002:0:00c8::0001','first_seen_ns':'3'")));
        assertFalse(six.onEvent(1, event("'event':'signal','subject':'2001:2:0:c8::2','first_seen_ns':'3'")));
        assertFalse(six.onEvent(1, event("'event':'ready'")));
    }

    @Test
    void shouldSayWhyAGatewayDidNotAct() throws DocumentException
    {
        take(4, "'event':'refused','subject':'198.18.200.1','reason':'never-contain'");

        assertEquals("refused: never-contain", observer.refusal(4));
    }

    private void take(final int rack, final String fields) throws DocumentException
    {
        observer.onEvent(rack, event(fields));
    }

    private static NodeEvent event(final String fields) throws DocumentException
    {
        return NodeEvent.of(CanonicalJson.parse("test", "{" + fields.replace('\'', '"') + ",\"t_ns\":\"1\"}"));
    }
}
