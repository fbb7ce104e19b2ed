package io.aswarm.journal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.locks.LockSupport;

/**
 * A receiver of octet-counted syslog in a process of its own, so that it can be killed: appends the sequence id of each
 * message to its standard output. Arguments: port, nanoseconds it takes for a message.
 */
final class SyslogReceiver
{
    private static final String SEQUENCE_ID = "sequenceId=\"";

    private SyslogReceiver()
    {
    }

    public static void main(final String[] arguments) throws IOException
    {
        final long workNs = Long.parseLong(arguments[1]);
        final PrintStream output = new PrintStream(System.out, true, StandardCharsets.US_ASCII);
        try (ServerSocket server = new ServerSocket(
            Integer.parseInt(arguments[0]), 8, InetAddress.getLoopbackAddress()))
        {
            output.println("port " + server.getLocalPort());
            while (true)
            {
                try (Socket socket = server.accept())
                {
                    receive(new BufferedInputStream(socket.getInputStream(), 64), output, workNs);
                }
            }
        }
    }

    private static void receive(final InputStream input, final PrintStream output, final long workNs)
        throws IOException
    {
        int lengthBytes = 0;
        for (int next = input.read(); next >= 0; next = input.read())
        {
            if (' ' != next)
            {
                lengthBytes = 10 * lengthBytes + next - '0';
                continue;
            }
            final byte[] message = input.readNBytes(lengthBytes);
            if (message.length < lengthBytes)
            {
                return;
            }
            final String text = new String(message, StandardCharsets.UTF_8);
            final int from = text.indexOf(SEQUENCE_ID) + SEQUENCE_ID.length();
            output.println(text.substring(from, text.indexOf('"', from)));
            lengthBytes = 0;
            LockSupport.parkNanos(workNs);
        }
    }
}
