package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;

/**
 * One conversation as a flow exporter tells it once it is over.
 *
 * @param beginNs        its first packet, nanoseconds since the epoch.
 * @param durationNs     until its last.
 * @param initiator      who began it.
 * @param responder      who was asked.
 * @param initiatorPort  of TCP and UDP; the type of ICMP.
 * @param responderPort  of TCP and UDP.
 * @param protocol       IANA number.
 * @param outcome        what came of it.
 * @param initiatorBytes sent by the initiator.
 * @param responderBytes sent by the responder.
 * @param isMalicious    whether its label calls it part of an attack.
 */
record FlowRecord(
    long beginNs,
    long durationNs,
    IpAddress initiator,
    IpAddress responder,
    int initiatorPort,
    int responderPort,
    int protocol,
    Outcome outcome,
    long initiatorBytes,
    long responderBytes,
    boolean isMalicious)
{
    /** What came of a flow, in the words of Zeek's conn_state where it has one. */
    enum Outcome
    {
        /** S0: asked, no answer. */
        UNANSWERED,
        /** REJ. */
        REFUSED,
        /** An ICMP error came back. */
        UNREACHABLE,
        /** RSTOS0, SH: the initiator broke it off before an answer. */
        ABORTED,
        /** S1: a conversation that goes on; for UDP: asked and answered. */
        ANSWERED,
        /** SF, S2, RSTO: over, by the initiator. */
        ENDED,
        /** S3, RSTR: over, by the responder. */
        ENDED_BY_RESPONDER,
        /** OTH, RSTRH, SHR: its beginning was not seen. */
        UNKNOWN;

        /** Of Zeek (docs.zeek.org, base/protocols/conn/main.zeek). */
        static Outcome ofZeek(final String state)
        {
            switch (state)
            {
                case "S0":
                    return UNANSWERED;

                case "REJ":
                    return REFUSED;

                case "RSTOS0":
                case "SH":
                    return ABORTED;

                case "S1":
                    return ANSWERED;

                case "SF":
                case "S2":
                case "RSTO":
                    return ENDED;

                case "S3":
                case "RSTR":
                    return ENDED_BY_RESPONDER;

                default:
                    return UNKNOWN;
            }
        }

        /** Of Argus, as the UNSW-NB15 lists have it (Moustafa and Slay, MilCIS 2015). */
        static Outcome ofArgus(final String state, final boolean isAnswered)
        {
            switch (state)
            {
                case "REQ":
                case "INT":
                case "ECO":
                    return isAnswered ? ANSWERED : UNANSWERED;

                case "RST":
                    return isAnswered ? ENDED : REFUSED;

                case "URN":
                case "URH":
                    return UNREACHABLE;

                case "FIN":
                case "CLO":
                    return ENDED;

                case "CON":
                case "ACC":
                case "ECR":
                    return ANSWERED;

                default:
                    return UNKNOWN;
            }
        }
    }
}
