package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;
import io.aswarm.trust.DocumentException;

import java.util.HashSet;
import java.util.Set;

/**
 * What is served in a recording: every address and port that accepted a conversation anywhere in it. A firewall that
 * lets in what is served, and logs the rest, logs the other openings. Real ones know less, so references that read such
 * a log are shown at their best.
 */
final class ServedPorts implements Recording.Observer
{
    private record Port(IpAddress address, int port, int protocol)
    {
    }

    private final Set<Port> served = new HashSet<>();

    private ServedPorts()
    {
    }

    /**
     * Look at a whole recording.
     *
     * @param recording before its first entry; it is used up.
     * @return what is served.
     * @throws DocumentException when the recording breaks off.
     */
    static ServedPorts of(final Recording recording) throws DocumentException
    {
        final ServedPorts ports = new ServedPorts();
        while (recording.next())
        {
            recording.show(recording.timeNs(), ports);
        }
        return ports;
    }

    /** Whether the firewall would log this: an opening of TCP or UDP to what is not served, repeats included. */
    boolean isLogged(final Conversation conversation)
    {
        return ConversationKind.OPENED == conversation.kind() &&
            (CaptureDecoder.TCP == conversation.protocol() || CaptureDecoder.UDP == conversation.protocol()) &&
            !served.contains(port(conversation));
    }

    @Override
    public void onPacket(final CapturedPacket packet, final boolean isAttack)
    {
        // packets say nothing of what is served
    }

    @Override
    public void onConversation(final Conversation conversation)
    {
        if (ConversationKind.ACCEPTED == conversation.kind())
        {
            served.add(port(conversation));
        }
    }

    private static Port port(final Conversation conversation)
    {
        return new Port(
            ReferenceDetector.responder(conversation), conversation.responderPort(), conversation.protocol());
    }
}
