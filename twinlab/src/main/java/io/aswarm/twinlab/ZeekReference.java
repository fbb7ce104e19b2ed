package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.sketch.Conversation;
import io.aswarm.sketch.ConversationKind;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Zeek's {@code policy/misc/scan.zeek} (docs.zeek.org, "Scan"): failed TCP connections of a source to 25 hosts on one
 * port (addr_scan_threshold), or to 15 ports of one host (port_scan_threshold), within epochs of five minutes. A
 * connection has failed when it is rejected, reset by its opener before data, or unanswered for five seconds
 * (tcp_attempt_delay).
 */
final class ZeekReference extends ReferenceDetector
{
    private static final int HOSTS = 25;
    private static final int PORTS = 15;
    private static final long EPOCH_NS = 300_000_000_000L;
    private static final long ATTEMPT_NS = 5_000_000_000L;

    private record Contact(IpAddress source, int sourcePort, IpAddress host, int port)
    {
    }

    /** What a number of distinct things is counted for: the ports of a host, or the hosts with a port. */
    private record Subject(IpAddress source, Object fixed)
    {
    }

    private final Map<Contact, Long> attempts = new LinkedHashMap<>();
    private final Map<Subject, Set<Object>> failures = new HashMap<>();
    private long epochNs;

    ZeekReference()
    {
        super("zeek");
    }

    @Override
    public void onConversation(final Conversation conversation)
    {
        if (CaptureDecoder.TCP != conversation.protocol())
        {
            return;
        }
        final Contact contact = new Contact(
            initiator(conversation), conversation.initiatorPort(), responder(conversation),
            conversation.responderPort());
        switch (conversation.kind())
        {
            case ConversationKind.OPENED:
                attempts.putIfAbsent(contact, conversation.timeNs());
                break;

            case ConversationKind.ACCEPTED:
            case ConversationKind.ESTABLISHED:
                attempts.remove(contact);
                break;

            case ConversationKind.REFUSED:
            case ConversationKind.ABORTED:
                attempts.remove(contact);
                fail(contact);
                break;

            default:
                break;
        }
    }

    @Override
    void onTick(final long nowNs)
    {
        if (nowNs - epochNs >= EPOCH_NS)
        {
            epochNs = nowNs;
            failures.clear();
        }
        // in the order of their openings
        while (!attempts.isEmpty())
        {
            final Map.Entry<Contact, Long> oldest = attempts.entrySet().iterator().next();
            if (nowNs - oldest.getValue() < ATTEMPT_NS)
            {
                return;
            }
            attempts.remove(oldest.getKey());
            fail(oldest.getKey());
        }
    }

    private void fail(final Contact contact)
    {
        observe(new Subject(contact.source(), contact.host()), contact.port(), PORTS);
        observe(new Subject(contact.source(), contact.port()), contact.host(), HOSTS);
    }

    private void observe(final Subject subject, final Object what, final int threshold)
    {
        final Set<Object> distinct = failures.computeIfAbsent(subject, (key) -> new HashSet<>());
        if (distinct.add(what) && threshold == distinct.size())
        {
            alert(subject.source(), false);
        }
    }
}
