package io.aswarm.twinlab;

import io.aswarm.trust.DocumentException;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/**
 * Reads frames of a known {@link LinkType} from a capture file: pcap with microseconds or nanoseconds in either byte
 * order, or pcapng (IETF draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng), plain or gzipped. The whole file is read at
 * once, within {@link #LENGTH_MAX}; every length in it is checked before it is believed.
 */
final class CaptureReader implements FrameSource
{
    /** Longest capture accepted, unpacked, in bytes. */
    static final int LENGTH_MAX = 256 << 20;
    private static final int FRAME_LENGTH_MAX = 262_144;
    private static final int GZIP_MAGIC = 0x1F8B;
    private static final int PCAP_US = 0xA1B2C3D4;
    private static final int PCAP_NS = 0xA1B23C4D;
    private static final int PCAP_HEADER_LENGTH = 24;
    private static final int PCAP_RECORD_LENGTH = 16;
    private static final int NG_SECTION = 0x0A0D0D0A;
    private static final int NG_BYTE_ORDER = 0x1A2B3C4D;
    private static final int NG_INTERFACE = 1;
    private static final int NG_OLD_PACKET = 2;
    private static final int NG_PACKET = 6;
    private static final int NG_OPTION_RESOLUTION = 9;
    private static final long SECOND_NS = 1_000_000_000L;

    private final Object source;
    private final ByteBuffer bytes;
    private final boolean isNg;
    private final boolean isNanosecond;
    /** Interfaces of a pcapng section; a pcap file has one. */
    private final List<Interface> interfaces = new ArrayList<>();
    private LinkType linkType;
    private int frameOffset;
    private int frameLength;
    private int wireLength;
    private long timeNs;

    /**
     * An interface as a capture describes it.
     *
     * @param linkType of its frames, or null for one that cannot be read.
     * @param code     of the link type.
     * @param tickNs   nanoseconds of one tick of its clock.
     */
    private record Interface(LinkType linkType, int code, long tickNs)
    {
    }

    private CaptureReader(final Object source, final ByteBuffer bytes) throws DocumentException
    {
        this.source = source;
        this.bytes = bytes;
        if (bytes.remaining() < PCAP_HEADER_LENGTH)
        {
            throw fault("too short for a capture: " + bytes.remaining() + " bytes");
        }

        final int magic = bytes.getInt(0);
        isNg = NG_SECTION == magic;
        isNanosecond = PCAP_NS == magic || PCAP_NS == Integer.reverseBytes(magic);
        if (!isNg)
        {
            readPcapHeader(magic);
        }
    }

    /**
     * Open a capture.
     *
     * @param file to be read.
     * @return a reader before the first frame.
     * @throws DocumentException when it cannot be read or is no capture.
     */
    static CaptureReader open(final Path file) throws DocumentException
    {
        try (InputStream in = Files.newInputStream(file))
        {
            return read(file, in);
        }
        catch (final IOException ex)
        {
            throw DocumentException.unreadable(file, ex);
        }
    }

    /** As {@link #open(Path)}, from a stream that is not closed here. */
    static CaptureReader read(final Object source, final InputStream in) throws DocumentException
    {
        try
        {
            byte[] content = bounded(source, in);
            if (content.length > 2 && GZIP_MAGIC == (ByteBuffer.wrap(content).getShort(0) & 0xFFFF))
            {
                content = bounded(source, new GZIPInputStream(new ByteArrayInputStream(content)));
            }
            return new CaptureReader(source, ByteBuffer.wrap(content));
        }
        catch (final IOException ex)
        {
            throw new DocumentException(source, 0, "cannot be read: " + ex.getMessage());
        }
    }

    @Override
    public boolean next() throws DocumentException
    {
        return isNg ? nextBlock() : nextRecord();
    }

    @Override
    public ByteBuffer frame()
    {
        return bytes.slice(frameOffset, frameLength);
    }

    @Override
    public LinkType linkType()
    {
        return linkType;
    }

    @Override
    public int wireLength()
    {
        return wireLength;
    }

    @Override
    public long timeNs()
    {
        return timeNs;
    }

    private void readPcapHeader(final int magic) throws DocumentException
    {
        if (PCAP_US != magic && PCAP_NS != magic)
        {
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            final int swapped = bytes.getInt(0);
            if (PCAP_US != swapped && PCAP_NS != swapped)
            {
                throw fault(String.format("not a capture: it begins with 0x%08x; allowed: pcap, pcapng", magic));
            }
        }
        linkType = known(bytes.getInt(20) & 0xFFFF);
        bytes.position(PCAP_HEADER_LENGTH);
    }

    private boolean nextRecord() throws DocumentException
    {
        if (!bytes.hasRemaining())
        {
            return false;
        }
        require(PCAP_RECORD_LENGTH, "a record's header");
        final long seconds = bytes.getInt() & 0xFFFF_FFFFL;
        final long fraction = bytes.getInt() & 0xFFFF_FFFFL;
        timeNs = seconds * SECOND_NS + (isNanosecond ? fraction : fraction * 1_000);
        takeFrame(bytes.getInt(), bytes.getInt());
        bytes.position(frameOffset + frameLength);
        return true;
    }

    private boolean nextBlock() throws DocumentException
    {
        while (bytes.hasRemaining())
        {
            require(12, "a block's header");
            final int start = bytes.position();
            final int type = bytes.getInt(start);
            if (NG_SECTION == type)
            {
                beginSection(start);
            }
            final int length = bytes.getInt(start + 4);
            if (length < 12 || 0 != length % 4)
            {
                throw fault("a block at byte " + start + " says it has " + length + " bytes");
            }
            require(length, "a block");
            final boolean isPacket = NG_PACKET == type || NG_OLD_PACKET == type;
            if (NG_INTERFACE == type)
            {
                readInterface(start, length);
            }
            else if (isPacket)
            {
                readPacket(start, length, NG_OLD_PACKET == type);
            }
            bytes.position(start + length);
            if (isPacket)
            {
                return true;
            }
        }
        return false;
    }

    private void beginSection(final int start) throws DocumentException
    {
        bytes.order(ByteOrder.BIG_ENDIAN);
        if (NG_BYTE_ORDER != bytes.getInt(start + 8))
        {
            bytes.order(ByteOrder.LITTLE_ENDIAN);
            if (NG_BYTE_ORDER != bytes.getInt(start + 8))
            {
                throw fault("a section at byte " + start + " has no byte-order magic");
            }
        }
        interfaces.clear();
    }

    private void readInterface(final int start, final int length) throws DocumentException
    {
        requireBlock(start, length, 20, "an interface");
        long ns = 1_000;
        int option = start + 16;
        while (option + 4 <= start + length - 4 && 0 != bytes.getShort(option))
        {
            final int optionLength = bytes.getShort(option + 2) & 0xFFFF;
            if (NG_OPTION_RESOLUTION == bytes.getShort(option) && optionLength >= 1)
            {
                ns = tickNs(bytes.get(option + 4));
            }
            option += 4 + ((optionLength + 3) & ~3);
        }
        // interfaces nobody can read are a fault only once a packet of theirs comes
        final int code = bytes.getShort(start + 8) & 0xFFFF;
        interfaces.add(new Interface(LinkType.of(code), code, ns));
    }

    private long tickNs(final int resolution) throws DocumentException
    {
        if (resolution < 0 || resolution > 9)
        {
            throw fault("a time resolution of code " + (resolution & 0xFF) + "; allowed: 10^-0 to 10^-9 s");
        }
        return Math.round(Math.pow(10, 9 - resolution));
    }

    private void readPacket(final int start, final int length, final boolean isOld) throws DocumentException
    {
        requireBlock(start, length, 32, "a packet");
        final int interfaceId = isOld ? bytes.getShort(start + 8) & 0xFFFF : bytes.getInt(start + 8);
        if (interfaceId < 0 || interfaceId >= interfaces.size())
        {
            throw fault("a packet at byte " + start + " is of interface " + interfaceId + ", which was not described");
        }
        final Interface its = interfaces.get(interfaceId);
        linkType = null == its.linkType() ? known(its.code()) : its.linkType();
        final long low = bytes.getInt(start + 16) & 0xFFFF_FFFFL;
        final long ticks = (bytes.getInt(start + 12) & 0xFFFF_FFFFL) << 32 | low;
        timeNs = ticks * its.tickNs();
        final int captured = bytes.getInt(start + 20);
        if (captured > length - 32)
        {
            throw fault("a packet at byte " + start + " is longer than its block");
        }
        bytes.position(start + 28);
        takeFrame(captured, bytes.getInt(start + 24));
    }

    private LinkType known(final int code) throws DocumentException
    {
        final LinkType type = LinkType.of(code);
        if (null == type)
        {
            throw fault("link type " + code + "; allowed: " + LinkType.allowed());
        }
        return type;
    }

    private void takeFrame(final int captured, final int onWire) throws DocumentException
    {
        if (captured < 0 || captured > FRAME_LENGTH_MAX || onWire < captured)
        {
            throw fault("a frame at byte " + bytes.position() + " of " + (captured & 0xFFFF_FFFFL) + " bytes, " +
                (onWire & 0xFFFF_FFFFL) + " on the wire; allowed: up to " + FRAME_LENGTH_MAX);
        }
        require(captured, "a frame");
        frameOffset = bytes.position();
        frameLength = captured;
        wireLength = onWire;
    }

    private void requireBlock(final int start, final int length, final int min, final String what)
        throws DocumentException
    {
        if (length < min)
        {
            throw fault(what + " block at byte " + start + " has only " + length + " bytes");
        }
    }

    private void require(final int length, final String what) throws DocumentException
    {
        if (bytes.remaining() < length)
        {
            throw fault("breaks off at byte " + bytes.limit() + " within " + what + " that began at byte " +
                bytes.position());
        }
    }

    private DocumentException fault(final String what)
    {
        return new DocumentException(source, 0, what);
    }

    private static byte[] bounded(final Object source, final InputStream in) throws IOException, DocumentException
    {
        final byte[] content = in.readNBytes(LENGTH_MAX + 1);
        if (content.length > LENGTH_MAX)
        {
            throw new DocumentException(source, 0, "larger than " + LENGTH_MAX + " bytes");
        }
        return content;
    }
}
