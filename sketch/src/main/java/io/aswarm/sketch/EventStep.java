package io.aswarm.sketch;

import java.util.List;
import java.util.Objects;

/**
 * What happens in a step of a detector's test: some events in this order, over and over, at a pace.
 *
 * @param kinds    of {@link ConversationKind}, one after another within microseconds; or {@link #STARTED} alone.
 * @param ends     of the conversation; of a program's start the initiator is the host.
 * @param pace     how often.
 * @param next     which of the ends is another one each time, {@code NEXT_} bits.
 * @param flags    of {@link Conversation}, or of {@link ProcessEvent} for a program's start.
 * @param measures what the events measure.
 * @param program  that starts; null for conversations.
 */
public record EventStep(
    List<Integer> kinds, Ends ends, Pace pace, int next, int flags, Measures measures, Program program)
{
    /** In place of a kind of conversation: a program starts. */
    public static final int STARTED = 0;
    /** Another port each time. */
    public static final int NEXT_PORT = 1;
    /** Another responder each time. */
    public static final int NEXT_TO = 2;
    /** Another initiator each time. */
    public static final int NEXT_FROM = 4;
    /** Another port of the initiator each time. */
    public static final int NEXT_FROM_PORT = 8;
    /** Most times that a step happens. */
    public static final int TIMES_MAX = 100_000;

    /**
     * Who talks with whom.
     *
     * @param fromHigh first eight bytes of the initiator's address.
     * @param fromLow  last eight.
     * @param fromPort of the initiator.
     * @param toHigh   first eight bytes of the responder's address.
     * @param toLow    last eight.
     * @param port     of the responder.
     * @param protocol IANA number.
     */
    public record Ends(long fromHigh, long fromLow, int fromPort, long toHigh, long toLow, int port, int protocol)
    {
    }

    /**
     * How often.
     *
     * @param afterNs pause since the step before.
     * @param times   1 to {@value #TIMES_MAX}.
     * @param everyNs between two times; of several, one after another.
     */
    public record Pace(long afterNs, int times, List<Long> everyNs)
    {
        /**
         * @throws IllegalArgumentException when a value is not allowed.
         */
        public Pace
        {
            everyNs = List.copyOf(everyNs);
            if (times < 1 || times > TIMES_MAX || (times > 1 && everyNs.isEmpty()))
            {
                throw new IllegalArgumentException(
                    "times=" + times + "; allowed: 1 to " + TIMES_MAX + ", and how often when above 1");
            }
        }

        long beforeNs(final int time)
        {
            return time == 0 ? 0 : everyNs.get((time - 1) % everyNs.size());
        }
    }

    /**
     * What the events measure, each kind what is its own.
     *
     * @param quantity    bytes of volume, or milliseconds that an ended conversation lasted.
     * @param headerBytes of the TCP header of an opening, 0 where that is not known.
     * @param lengthBytes of the frame, 0 where that is not known.
     * @param tcpFlags    of the segment, {@link Conversation#tcpFlags()}.
     */
    public record Measures(long quantity, int headerBytes, int lengthBytes, int tcpFlags)
    {
        /** Nothing is. */
        public static final Measures NONE = new Measures(0, 0, 0, 0);
    }

    /**
     * A program and who starts it.
     *
     * @param path   of the program.
     * @param parent path of the program that starts it.
     */
    public record Program(String path, String parent)
    {
    }

    /**
     * @throws IllegalArgumentException when a program is missing, or there are no kinds.
     */
    public EventStep
    {
        kinds = List.copyOf(kinds);
        Objects.requireNonNull(ends, "ends");
        Objects.requireNonNull(pace, "pace");
        Objects.requireNonNull(measures, "measures");
        if (kinds.isEmpty() || kinds.contains(STARTED) != (program != null) || (program != null && kinds.size() > 1))
        {
            throw new IllegalArgumentException("kinds=" + kinds + "; allowed: conversations, or one program's start");
        }
    }
}
