package io.aswarm.quorum;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

class TopicChainsTest
{
    private static final int SLOTS = 48;
    private static final int SUBJECTS = 12;
    private static final int STEPS = 20_000;

    private final Site site = new Site(4);
    private final TopicChains chains = new TopicChains(SLOTS, 7);

    @Test
    void shouldFillEachSlotOnceAndThenBeFull()
    {
        final Set<Integer> taken = new TreeSet<>();
        for (int i = 0; i < SLOTS; i++)
        {
            assertFalse(chains.isFull());
            taken.add(chains.add(topic(i)));
        }
        assertTrue(chains.isFull());
        assertEquals(SLOTS, taken.size());
        chains.remove(5);
        assertFalse(chains.isFull());
        assertEquals(5, chains.add(topic(99)));
    }

    @Test
    void shouldTellTheTopicOfASlot()
    {
        final Topic topic = topic(3);
        final int slot = chains.add(topic);
        assertEquals(topic.code(), chains.code(slot));
        assertEquals(topic.high(), chains.high(slot));
        assertEquals(topic.low(), chains.low(slot));
    }

    @Test
    void shouldKeepRolesOfOneAddressApart()
    {
        final int slot = chains.add(topic(3));
        final Topic aim = new Topic().ofSubject(
            site.deposit(1, 1).subject(3).scenario(ScenarioCode.SCAN).role(SubjectRole.AIM).unsigned(), 0);
        assertEquals(TopicChains.NIL, chains.first(aim));
        assertEquals(slot, chains.first(topic(3)));
    }

    /** Against lists in a map, through additions and removals at random: chains of several topics get mixed. */
    @Test
    void shouldFindWhatIsOnATopicAndNothingElse()
    {
        final Map<Integer, List<Integer>> model = new HashMap<>();
        final Random random = new Random(20261122);
        int held = 0;
        for (int step = 0; step < STEPS; step++)
        {
            final int subject = random.nextInt(SUBJECTS);
            final List<Integer> slots = model.computeIfAbsent(subject, (its) -> new ArrayList<>());
            if (random.nextBoolean() && held < SLOTS)
            {
                slots.add(chains.add(topic(subject)));
                held++;
            }
            else if (!slots.isEmpty())
            {
                chains.remove(slots.remove(random.nextInt(slots.size())));
                held--;
            }
            assertEquals(new TreeSet<>(slots), onTopic(chains.first(topic(subject))));
            for (final int slot : slots)
            {
                assertEquals(chains.first(topic(subject)), chains.firstLike(slot));
            }
            assertEquals(SLOTS == held, chains.isFull());
        }
    }

    private Set<Integer> onTopic(final int first)
    {
        final Set<Integer> slots = new TreeSet<>();
        for (int slot = first; TopicChains.NIL != slot; slot = chains.next(slot))
        {
            assertTrue(slots.add(slot), "a chain that ends");
        }
        return slots;
    }

    private Topic topic(final long subject)
    {
        return new Topic().ofSubject(site.deposit(1, 1).subject(subject).unsigned(), 0);
    }
}
