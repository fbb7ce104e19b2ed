package io.aswarm.journal;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * One RFC 5424 message in the octet counting of RFC 6587 section 3.4.1. The sequence of the certificate is the
 * {@code sequenceId}, so that a message sent twice can be told.
 */
final class SyslogFrame
{
    /** Facility "log audit", RFC 5424 table 1. */
    private static final int FACILITY = 13;
    private static final int FACILITY_FACTOR = 8;
    private static final long SEQUENCE_ID_MAX = 2_147_483_647L;
    private static final int HOSTNAME_LENGTH_MAX = 255;
    private static final int MESSAGE_ID_LENGTH_MAX = 32;
    private static final byte[] BYTE_ORDER_MARK = {(byte)0xef, (byte)0xbb, (byte)0xbf};
    private static final String NIL = "-";

    private SyslogFrame()
    {
    }

    static byte[] frame(final TailEvent event)
    {
        final byte[] message = message(event);
        final ByteArrayOutputStream frame = new ByteArrayOutputStream(message.length + 8);
        frame.writeBytes((message.length + " ").getBytes(StandardCharsets.US_ASCII));
        frame.writeBytes(message);
        return frame.toByteArray();
    }

    static byte[] message(final TailEvent event)
    {
        final Certificate certificate = event.certificate();
        final int priority = FACILITY * FACILITY_FACTOR + EventSeverity.of(certificate.kind()).syslog;
        final String head = "<" + priority + ">1 " + Rfc3339.micros(certificate.certifiedEpochNs()) + " " +
            word(certificate.text("node", "name"), HOSTNAME_LENGTH_MAX) + " aswarm - " +
            word(certificate.text("kind"), MESSAGE_ID_LENGTH_MAX) +
            " [meta sequenceId=\"" + sequenceId(event.sequence()) + "\"][timeQuality tzKnown=\"1\" " +
            timeQuality(certificate.text("time", "bound_ns")) + "] ";
        final byte[] text = event.text().getBytes(StandardCharsets.UTF_8);

        final ByteArrayOutputStream message = new ByteArrayOutputStream(head.length() + text.length + 3);
        message.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        if (!StandardCharsets.US_ASCII.newEncoder().canEncode(event.text()))
        {
            message.writeBytes(BYTE_ORDER_MARK);
        }
        message.writeBytes(text);
        return message.toByteArray();
    }

    /** RFC 5424 section 7.3.1: from 1 to 2147483647. */
    static long sequenceId(final long sequence)
    {
        return Math.floorMod(sequence - 1, SEQUENCE_ID_MAX) + 1;
    }

    /** RFC 5424 section 7.1: the accuracy is in microseconds and only allowed where the clock is synchronised. */
    private static String timeQuality(final String boundNs)
    {
        try
        {
            return "isSynced=\"1\" syncAccuracy=\"" + (Long.parseLong(boundNs) / 1000 + 1) + "\"";
        }
        catch (final NumberFormatException ex)
        {
            return "isSynced=\"0\"";
        }
    }

    private static String word(final String text, final int lengthMax)
    {
        final String printable = text.replaceAll("[^\\x21-\\x7e]", "?");
        return printable.isEmpty() ? NIL : printable.substring(0, Math.min(lengthMax, printable.length()));
    }
}
