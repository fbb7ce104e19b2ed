package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.KernelDecoder;
import org.agrona.concurrent.UnsafeBuffer;

import java.nio.ByteBuffer;

/**
 * One frame through the kernel's decoder and through the replay's, field by field.
 */
final class DecoderParity
{
    private static final int XDP_PASS = 2;

    private final KernelDecoder kernel;
    private final CaptureDecoder replay = new CaptureDecoder();
    private final UnsafeBuffer bytes = new UnsafeBuffer(0, 0);

    DecoderParity(final KernelDecoder kernel)
    {
        this.kernel = kernel;
    }

    CaptureDecoder replay()
    {
        return replay;
    }

    /** What the two do not agree on, or null. The frame is taken as it is: what was cut off on the way is not there. */
    String difference(final ByteBuffer frame, final int length)
    {
        bytes.wrap(frame, 0, length);
        final int verdict = kernel.decode(bytes, 0, length);
        if (XDP_PASS != verdict)
        {
            return "the kernel says " + verdict;
        }
        replay.decode(frame, length, length);

        final StringBuilder differences = new StringBuilder();
        compare(differences, "fault", kernel.byteOf("fault"), replay.fault.ordinal());
        compare(differences, "addressed", kernel.byteOf("addressed"), replay.isAddressed ? 1 : 0);
        compare(differences, "decoded", kernel.byteOf("decoded"), replay.isDecoded ? 1 : 0);
        compare(differences, "tunnels", kernel.byteOf("tunnels"), replay.tunnels);
        compare(differences, "vlan", kernel.shortOf("vlan"), replay.vlan);
        compare(differences, "network id", kernel.intOf("network_id"), replay.networkId);
        compare(differences, "protocol", kernel.byteOf("protocol"), replay.protocol);
        compare(differences, "later fragment", kernel.byteOf("later_fragment"), replay.isLaterFragment ? 1 : 0);
        compare(differences, "more fragments", kernel.byteOf("more_fragments"), replay.hasMoreFragments ? 1 : 0);
        compareAddress(differences, "source", replay.sourceHigh, replay.sourceLow);
        compareAddress(differences, "destination", replay.destinationHigh, replay.destinationLow);
        compareAddress(differences, "outer_source", replay.outerSourceHigh, replay.outerSourceLow);
        compareAddress(differences, "outer_destination", replay.outerDestinationHigh, replay.outerDestinationLow);
        if (replay.isDecoded)
        {
            compareTransport(differences);
        }
        return differences.isEmpty() ? null : differences + "(kernel: " + kernel.describe() + ")";
    }

    private void compareTransport(final StringBuilder differences)
    {
        compare(differences, "source port", kernel.shortOf("source_port"), replay.sourcePort);
        compare(differences, "destination port", kernel.shortOf("destination_port"), replay.destinationPort);
        compare(differences, "type", kernel.byteOf("type"), replay.type);
        compare(differences, "code", kernel.byteOf("code"), replay.code);
        compare(differences, "TCP flags", kernel.byteOf("tcp_flags"), replay.tcpFlags);
        compare(differences, "TCP header", kernel.byteOf("tcp_header_bytes"), replay.tcpHeaderLength);
        compare(differences, "sequence", kernel.intOf("sequence"), replay.sequence);
        compare(differences, "acknowledgment", kernel.intOf("acknowledgment"), replay.acknowledgment);
        if (null != replay.quoted())
        {
            final ConversationKey quoted = replay.quoted();
            final String expected = quoted.protocol() + " " +
                IpAddress.format(quoted.initiatorHigh(), quoted.initiatorLow()) + " " +
                quoted.initiatorPort() + " > " +
                IpAddress.format(quoted.responderHigh(), quoted.responderLow()) + " " +
                quoted.responderPort();
            if (!expected.equals(kernel.describeQuote()))
            {
                differences.append("quote ").append(kernel.describeQuote()).append(" / ").append(expected).append("; ");
            }
        }
    }

    private void compareAddress(
        final StringBuilder differences, final String name, final long high, final long low)
    {
        if (kernel.highOf(name) != high || kernel.lowOf(name) != low)
        {
            differences.append(name).append("; ");
        }
    }

    private static void compare(
        final StringBuilder differences, final String name, final int ofKernel, final int ofReplay)
    {
        if (ofKernel != ofReplay)
        {
            differences.append(name).append(' ').append(ofKernel).append(" / ").append(ofReplay).append("; ");
        }
    }
}
