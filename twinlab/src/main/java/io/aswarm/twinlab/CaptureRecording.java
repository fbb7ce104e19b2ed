package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.trust.DocumentException;

import java.nio.ByteBuffer;

/**
 * A capture, with the sensor in software that stands for the kernel's.
 */
final class CaptureRecording implements Recording
{
    private final FrameSource reader;
    private final GroundTruth truth;
    private final Variation variation;
    private final CaptureDecoder decoder = new CaptureDecoder();
    private Observer observer;
    private boolean hasFrames;
    private String breakOff;
    private final RecordBudget budget = new RecordBudget((record) -> observer.onDelivered(record));
    private final ConversationTracker tracker = new ConversationTracker(this::onRecord);

    CaptureRecording(final FrameSource reader, final GroundTruth truth)
    {
        this(reader, truth, null);
    }

    /**
     * A capture as it might have been.
     *
     * @param reader    before its first frame.
     * @param truth     about it as it was.
     * @param variation what is different; null for nothing.
     */
    CaptureRecording(final FrameSource reader, final GroundTruth truth, final Variation variation)
    {
        this.reader = reader;
        this.truth = null == variation ? truth : variation.truth(truth);
        this.variation = variation;
    }

    @Override
    public GroundTruth truth()
    {
        return truth;
    }

    /** A capture whose writer was killed ends within a frame: it is shown up to there. */
    @Override
    public boolean next() throws DocumentException
    {
        try
        {
            final boolean isThere = reader.next();
            hasFrames |= isThere;
            return isThere;
        }
        catch (final DocumentException ex)
        {
            if (!hasFrames)
            {
                throw ex;
            }
            breakOff = ex.getMessage();
            return false;
        }
    }

    @Override
    public String breakOff()
    {
        return breakOff;
    }

    @Override
    public long timeNs()
    {
        return null == variation ? reader.timeNs() : variation.timeNs(reader.timeNs());
    }

    @Override
    public void show(final long nowNs, final Observer newObserver)
    {
        observer = newObserver;
        final ByteBuffer frame = reader.frame();
        decoder.decode(reader.linkType(), frame, frame.limit(), reader.wireLength());
        if (null != variation && !variation.change(decoder))
        {
            return;
        }
        if (decoder.hasAddresses())
        {
            final IpAddress source = new IpAddress(decoder.sourceHigh(), decoder.sourceLow());
            final IpAddress destination = new IpAddress(decoder.destinationHigh(), decoder.destinationLow());
            final boolean isOpening = CaptureDecoder.TCP == decoder.protocol() &&
                TcpFrame.SYN == (decoder.tcpFlags() & (TcpFrame.SYN | TcpFrame.ACK | TcpFrame.RST));
            observer.onPacket(
                new CapturedPacket(
                    nowNs, source, destination, decoder.protocol(), decoder.sourcePort(), decoder.destinationPort(),
                    decoder.wireLength(), isOpening),
                truth.isAttack(source, destination, nowNs));
        }
        tracker.onPacket(decoder, nowNs);
    }

    private void onRecord(final TrackedConversation record)
    {
        observer.onConversation(record);
        budget.onRecord(record);
    }

    @Override
    public void pass(final long nowNs, final Observer newObserver)
    {
        observer = newObserver;
        budget.onTick(nowNs);
    }
}
