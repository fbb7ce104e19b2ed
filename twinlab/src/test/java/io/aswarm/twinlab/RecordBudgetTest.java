package io.aswarm.twinlab;

import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

class RecordBudgetTest
{
    private static final long VICTIM = 0x0000_FFFF_C613_0007L;
    private static final long FLOOD = 0x0000_FFFF_C612_8000L;
    private static final long SCANNER = 0x0000_FFFF_C612_000AL;

    private final RecordBudget budget = new RecordBudget(this::onRecord);
    private final TrackedConversation conversation = new TrackedConversation();
    private int single;
    private int scans;
    private long weight;
    private int flags;
    private int port;

    @Test
    void shouldTellOneByOneWhatTheBudgetOfASliceHolds()
    {
        flood(RecordBudget.SLICE_RECORDS_MAX, 1);
        assertEquals(RecordBudget.SLICE_RECORDS_MAX, single);
        flood(1, 1);
        assertEquals(RecordBudget.SLICE_RECORDS_MAX, single);
        // the one that was held back, and the first of the next slice
        flood(1, 1 + RecordBudget.SLICE_NS);
        assertEquals(RecordBudget.SLICE_RECORDS_MAX + 2, single);
    }

    @Test
    void shouldTellTheWeightOfTheRestWhenItsSliceIsOver()
    {
        flood(RecordBudget.SLICE_RECORDS_MAX + 1_000, 1);
        budget.onTick(RecordBudget.SLICE_NS);
        assertEquals(0, weight);
        budget.onTick(1 + RecordBudget.SLICE_NS);
        assertEquals(1_000, weight);
        assertEquals(Conversation.FLAG_SOURCES_VARY, flags);
        assertEquals(4_444, port);
    }

    @Test
    void shouldKeepTheRecordsOfAScannerWhoIsLightWhenItsVictimIsNotFlooded()
    {
        flood(RecordBudget.SLICE_RECORDS_MAX + 100, 1);
        for (int i = 1; i <= RecordBudget.LIGHT_EVENTS_MAX; i++)
        {
            open(SCANNER, VICTIM + 1, 100 + i, 1);
        }
        assertEquals(RecordBudget.LIGHT_EVENTS_MAX, scans);
        open(SCANNER, VICTIM + 1, 99, 1);
        assertEquals(RecordBudget.LIGHT_EVENTS_MAX, scans);
    }

    @Test
    void shouldHoldOneSourceToItsQuotaInAWindow()
    {
        for (int i = 0; i < RecordBudget.WINDOW_RECORDS_MAX + 10; i++)
        {
            open(SCANNER, VICTIM, i, 1 + i * 100_000L);
        }
        assertEquals(RecordBudget.WINDOW_RECORDS_MAX, single + scans);
        assertTrue(weight <= 10);
    }

    @Test
    void shouldLetSamplesOfVolumePass()
    {
        flood(RecordBudget.SLICE_RECORDS_MAX, 1);
        budget.onRecord(conversation.volume(key(SCANNER, VICTIM, 80), 0, 1_024, 1));
        assertEquals(1, scans);
    }

    private void flood(final int count, final long nowNs)
    {
        for (int i = 0; i < count; i++)
        {
            open(FLOOD + i, VICTIM, 4_444, nowNs);
        }
    }

    private void open(final long source, final long host, final int toPort, final long nowNs)
    {
        budget.onRecord(conversation.of(ConversationKind.OPENED, key(source, host, toPort), 0, nowNs));
    }

    private static ConversationKey key(final long source, final long host, final int toPort)
    {
        return new ConversationKey(0, source, 0, host, 40_000, toPort, CaptureDecoder.TCP);
    }

    private void onRecord(final TrackedConversation record)
    {
        if (record.weight() > 1)
        {
            weight += record.weight();
            flags = record.flags();
            port = record.responderPort();
        }
        else if (SCANNER == record.initiatorLow())
        {
            scans++;
        }
        else
        {
            single++;
        }
    }
}
