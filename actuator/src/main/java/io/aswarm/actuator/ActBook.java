package io.aswarm.actuator;

import io.aswarm.ebpf.IpAddress;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * The acts that have not ended: by address, and by when their next step is due. One thread.
 */
final class ActBook
{
    private final Map<IpAddress, List<ActAutomaton>> actsByAddress = new LinkedHashMap<>();
    private final PriorityQueue<ActAutomaton> due = new PriorityQueue<>(
        Comparator.comparingLong(ActAutomaton::dueNs).thenComparingLong(ActAutomaton::actId));
    private int size;

    int size()
    {
        return size;
    }

    /** Is there an act about this address, whichever? */
    boolean holds(final IpAddress address)
    {
        return actsByAddress.containsKey(address);
    }

    void enter(final ActAutomaton automaton)
    {
        actsByAddress.computeIfAbsent(address(automaton), (address) -> new ArrayList<>(1)).add(automaton);
        size++;
    }

    void strike(final ActAutomaton automaton)
    {
        final List<ActAutomaton> acts = actsByAddress.get(address(automaton));
        if (null != acts && acts.remove(automaton))
        {
            size--;
            if (acts.isEmpty())
            {
                actsByAddress.remove(address(automaton));
            }
        }
    }

    void schedule(final ActAutomaton automaton)
    {
        due.add(automaton);
    }

    void unschedule(final ActAutomaton automaton)
    {
        due.remove(automaton);
    }

    /** The next act whose step is due, no longer scheduled; or null. */
    ActAutomaton pollDue(final long nowNs)
    {
        final ActAutomaton automaton = due.peek();
        return null != automaton && automaton.dueNs() - nowNs <= 0 ? due.poll() : null;
    }

    /** An act that already does at least as much to all packets that this containment is about; or null. */
    ActAutomaton covering(final Containment containment)
    {
        for (final ActAutomaton each : actsAt(containment))
        {
            final Containment held = each.containment();
            if (held.mode().isAtLeastAsStrictAs(containment.mode()) && Rules.covers(held.rule(), containment.rule()))
            {
                return each;
            }
        }
        return null;
    }

    /** Does no other act hold any of the same packets? */
    boolean isAlone(final ActAutomaton automaton)
    {
        for (final ActAutomaton each : actsAt(automaton.containment()))
        {
            if (each != automaton && Rules.overlap(
                each.containment().rule(), automaton.containment().rule()))
            {
                return false;
            }
        }
        return true;
    }

    /** An act that holds by itself until an instant, by which a move of the kill switch can be seen; or null. */
    ActAutomaton heldUntil(final long untilNs)
    {
        for (final List<ActAutomaton> acts : actsByAddress.values())
        {
            if (1 == acts.size() && acts.get(0).holds(untilNs))
            {
                return acts.get(0);
            }
        }
        return null;
    }

    List<ActAutomaton> all()
    {
        final List<ActAutomaton> all = new ArrayList<>(size);
        actsByAddress.values().forEach(all::addAll);
        return all;
    }

    private List<ActAutomaton> actsAt(final Containment containment)
    {
        return actsByAddress.getOrDefault(containment.rule().prefix().address(), List.of());
    }

    private static IpAddress address(final ActAutomaton automaton)
    {
        return automaton.containment().rule().prefix().address();
    }
}
