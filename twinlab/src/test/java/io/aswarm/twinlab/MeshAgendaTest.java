package io.aswarm.twinlab;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assertions.assertEquals;

class MeshAgendaTest
{
    private final MeshAgenda agenda = new MeshAgenda();
    private final List<String> happened = new ArrayList<>();

    @Test
    void shouldRunInOrderOfTimeAndAtOneInstantInOrderOfPlanning()
    {
        agenda.once(20, () -> happened.add("c"));
        agenda.once(10, () -> happened.add("a"));
        agenda.once(10, () -> happened.add("b"));
        agenda.once(21, () -> happened.add("late"));
        agenda.runUntil(20);
        assertEquals(List.of("a", "b", "c"), happened);
        assertEquals(20, agenda.nowNs());
    }

    @Test
    void shouldRunAgainWhenAskedTo()
    {
        agenda.at(1, (nowNs) ->
        {
            happened.add("at " + nowNs);
            return nowNs < 5 ? nowNs + 2 : MeshAgenda.Step.DONE;
        });
        agenda.runUntil(100);
        assertEquals(List.of("at 1", "at 3", "at 5"), happened);
    }

    @Test
    void shouldNotGoBackInTime()
    {
        agenda.once(10, () -> agenda.once(3, () -> happened.add("at " + agenda.nowNs())));
        agenda.runUntil(100);
        assertEquals(List.of("at 10"), happened);
    }
}
