package io.aswarm.quorum;

import org.junit.jupiter.api.Test;

import static org.junit.jupiter.api.Assertions.assertEquals;

class PastElevationsTest
{
    private final Site site = new Site(2);
    private final PastElevations past = new PastElevations();

    @Test
    void shouldRememberTheLatestOfEachTopic()
    {
        assertEquals(PastElevations.NEVER, past.last(topic(1)));
        put(1, 500);
        put(2, 700);
        put(1, 400);
        assertEquals(500, past.last(topic(1)), "said earlier, happened later");
        assertEquals(700, past.last(topic(2)));
        assertEquals(PastElevations.NEVER, past.last(topic(3)));
    }

    @Test
    void shouldForgetTheElevationLongestAgoWhenThereAreTooMany()
    {
        put(1, 10);
        put(2, 5);
        for (int i = 3; i <= PastElevations.TOPICS_MAX + 1; i++)
        {
            put(i, 100 + i);
        }
        assertEquals(10, past.last(topic(1)));
        assertEquals(PastElevations.NEVER, past.last(topic(2)));
    }

    private void put(final long subject, final long epochNs)
    {
        final Topic topic = topic(subject);
        past.put(topic.code(), topic.high(), topic.low(), epochNs);
    }

    private Topic topic(final long subject)
    {
        return new Topic().ofSubject(site.deposit(1, 1).subject(subject).unsigned(), 0);
    }
}
