package io.aswarm.sketch;

/**
 * Why evidence against a subject grew or shrank: the elementary observations of all detectors.
 */
public enum Cause
{
    /** A first contact was refused. */
    REFUSED("refused", "a first contact was refused"),
    /** A first contact could not be delivered. */
    UNREACHABLE("unreachable", "the network said that a first contact cannot be reached"),
    /** A first contact got no answer where others did. */
    SILENT("silent", "a first contact got no answer in time, where answers are seen"),
    /** A handshake was accepted and never completed. */
    HALF_OPEN("half-open", "a first contact was accepted and never completed"),
    /** A first contact got no answer, and nothing was ever seen answering there. */
    UNREACHED("unreached", "a first contact got no answer, from a source that is answered elsewhere"),
    /** A first contact got no answer where none was ever seen. */
    UNANSWERED("unanswered", "one more port of a host, or host of a network, that never was seen answering"),
    /** A first contact succeeded. */
    SUCCEEDED("succeeded", "a first contact succeeded"),
    /** An answer came after its silence was held to be a failure. */
    RETRACTED("retracted", "an answer came after all"),
    /** An opening was not completed in time. */
    OVERDUE_OPENING("overdue-opening", "an opening was neither completed nor refused in time"),
    /** An opening was refused, again. */
    REFUSED_OPENING("refused-opening", "an opening was refused, far faster than any client retries"),
    /** A new, unverified source asked the victim and did not complete. */
    STRANGER("stranger", "a source that never completed an exchange asked and did not complete"),
    /** A datagram came from a service port that nobody had asked. */
    UNASKED_ANSWER("unasked-answer", "a service answered what nobody asked"),
    /** A short conversation with the same service. */
    SHORT_CONVERSATION("short-conversation", "one more short conversation with the service"),
    /** Volume beyond the baseline. */
    VOLUME("volume", "volume beyond what the host usually sends there"),
    /** A long conversation with a name server. */
    EXCHANGES("exchanges", "one more stretch of volume in one conversation with a name server"),
    /** An interval like the ones before. */
    REGULAR_INTERVAL("regular-interval", "an interval as long as the ones before"),
    /** An interval unlike the ones before. */
    IRREGULAR_INTERVAL("irregular-interval", "an interval unlike the ones before"),
    /** One more host called the rare destination. */
    CALLED("called", "one more host called a destination that hardly any calls"),
    /** A new edge to an administrative port. */
    NEW_EDGE("new-edge", "a new edge inside the site"),
    /** A new edge of a host that was itself reached lately. */
    CHAINED_EDGE("chained-edge", "a new edge inside the site, by a host that was itself reached by one lately"),
    /** A program started by one that never started it. */
    RARE_CHILD("rare-child", "a program was started by one that hardly ever starts it"),
    /** A network tool under a serving process. */
    TOOL_UNDER_SERVICE("tool-under-service", "a network tool was started by a serving process"),
    /** A shell under a serving process. */
    SHELL_UNDER_SERVICE("shell-under-service", "a shell was started by a serving process"),
    /** The same new binary on one more host. */
    SPREADING_BINARY("spreading-binary", "the same new binary started on one more host"),
    /** A shell under a serving process, started by a program that the service had started. */
    SHELL_BEHIND_HANDLER("shell-behind-handler", "what a serving process had started went on to start a shell"),
    /** A program that a shell under a serving process started, or became. */
    COMMAND_UNDER_SERVICE("command-under-service", "a shell under a serving process started another program"),
    /** A shell under a serving process whose input is the network. */
    CONNECTED_SHELL("connected-shell", "a shell under a serving process takes its input from the network"),
    /** A program from a place that everybody can write, under a serving process. */
    DROPPED_PROGRAM("dropped-program", "a service started a program from a place that everybody can write"),
    /** One more service got a segment of no conversation from one and the same port. */
    STRAY("stray", "one more service was sent a segment of no conversation, from the same port as the one before"),
    /** One more port of a host was opened while others were not answered yet. */
    PENDING_PORT("pending-port", "one more port of a host was asked while others had not answered yet"),
    /** A question to a name server of a length that names seldom have. */
    LONG_QUESTION("long-question", "a question to a name server, longer than those of people's names"),
    /** A question to a name server of a length that names have. */
    SHORT_QUESTION("short-question", "a question to a name server, as short as those of people's names"),
    /** The source writes its segments itself. */
    BARE_STACK("bare-stack", "its openings ask for none of the options that every system's stack asks for"),
    /** One more bare opening while others were not answered yet. */
    PENDING_BARE("pending-bare",
        "one more port or host of a network was asked by a bare opening while others had not answered yet"),
    /** A bare opening was refused, or not completed in time. */
    BARE_OPENING("bare-opening", "an opening without a stack's options was refused, or not completed in time"),
    /** An echo between two hosts of a length that was not seen between them. */
    ECHO_LENGTH("echo-length", "an echo of a length that was not seen between the two"),
    /** A host answered a segment of no conversation with a reset. */
    RESET("reset", "the victim answered a segment of no conversation with a reset"),
    /** A sample of what was asked by echo. */
    ECHO("echo", "one more echo request was sampled, far faster than anybody pings"),
    /** A sample of bare segments of no conversation. */
    STRAY_SEGMENT("stray-segment", "one more bare segment of no conversation was sampled, each of another socket"),
    /** A sample of fragments without their first one. */
    STRAY_FRAGMENT("stray-fragment", "one more short fragment was sampled whose first one never came"),
    /** A sample of packets that strangers send and that are not answered. */
    UNANSWERED_PACKET("unanswered-packet", "one more packet of a stranger was sampled that the host does not answer"),
    /** Several sources opened one more port of the aim bare, in the same instant. */
    ACCOMPANIED("accompanied", "several sources opened one more port in the same instant, without a stack's options"),
    /** An interval within the bounds of a jitter around the ones before. */
    JITTERED_INTERVAL("jittered-interval", "an interval no more than half shorter or longer than those before"),
    /** The network said that a first contact cannot be reached, where nothing was ever seen answering. */
    NO_WAY("no-way", "the network said that there is no way to where nothing was seen answering");

    private static final Cause[] CAUSES = values();

    private final String label;
    private final String sentence;

    Cause(final String label, final String sentence)
    {
        this.label = label;
        this.sentence = sentence;
    }

    /**
     * Name in reports.
     *
     * @return name in reports.
     */
    public String label()
    {
        return label;
    }

    /**
     * What was observed, for people.
     *
     * @return half a sentence.
     */
    public String sentence()
    {
        return sentence;
    }

    static Cause of(final int ordinal)
    {
        return CAUSES[ordinal];
    }
}
