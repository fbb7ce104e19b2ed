package io.aswarm.ebpf;

import org.agrona.concurrent.UnsafeBuffer;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Takes over what an earlier process pinned in another shape: the array of acts in another size, or the map of
 * addresses that releases before the rules had. Live acts are copied before the new program takes the old one's place,
 * and the pins change after, so that at no moment a contained packet passes; who dies in between leaves the old pins,
 * to be taken over again.
 */
final class QuarantineMigration
{
    /* Of the first releases: struct address to deadline 64, act id 64, packets 64, bytes 64, mode 32, reserved 32. */
    private static final String ADDRESSES_PIN = "quarantine";
    private static final int ADDRESSES_KEY_LENGTH = 16;
    private static final int ADDRESSES_VALUE_OFFSET = 2 * ADDRESSES_KEY_LENGTH;
    private static final int ADDRESSES_VALUE_LENGTH = 40;
    private static final int ADDRESSES_MODE_OFFSET = ADDRESSES_VALUE_OFFSET + 4 * Long.BYTES;

    private final LibBpf.Api bpf;
    private final Path pin;
    private final Path addressesPin;
    private final PinnedMap found;
    private final PinnedMap wanted;

    QuarantineMigration(final LibBpf.Api bpf, final Path pinDirectory, final int entriesMax) throws KernelException
    {
        this.bpf = bpf;
        pin = pinDirectory.resolve(QuarantineActs.PIN);
        addressesPin = pinDirectory.resolve(ADDRESSES_PIN);
        wanted = new PinnedMap(
            QuarantineActs.PIN, PinnedMap.TYPE_ARRAY, Integer.BYTES, QuarantineDescriptor.LENGTH, entriesMax);
        found = PinnedMap.find(bpf, pinDirectory, QuarantineActs.PIN);
        if (found != null)
        {
            wanted.ofSize(found.entriesMax()).requireSame(found, pin);
        }
        final PinnedMap addresses = PinnedMap.find(bpf, pinDirectory, ADDRESSES_PIN);
        if (addresses != null)
        {
            new PinnedMap(ADDRESSES_PIN, PinnedMap.TYPE_HASH, ADDRESSES_KEY_LENGTH, ADDRESSES_VALUE_LENGTH,
                addresses.entriesMax()).requireSame(addresses, addressesPin);
        }
    }

    /** Names to remove at uninstall. */
    static String[] pins()
    {
        return new String[]{QuarantineActs.PIN, ADDRESSES_PIN};
    }

    /** Whether the pinned array, if any, has the size that is wanted, so that libbpf may use or pin it. */
    boolean isPinFit()
    {
        return found == null || found.equals(wanted);
    }

    /** Copy what is live, before the program is attached. */
    void carryInto(final QuarantineActs acts) throws KernelException
    {
        final long nowNs = System.nanoTime();
        if (!isPinFit())
        {
            carryActs(acts, nowNs);
        }
        if (Files.exists(addressesPin))
        {
            carryAddresses(acts, nowNs);
        }
    }

    /** Put the pins right, after the program is attached. */
    void finish(final int actsFd) throws KernelException
    {
        if (!isPinFit())
        {
            final Path next = pin.resolveSibling(QuarantineActs.PIN + "_next");
            InterfaceLink.delete(next);
            final int result = bpf.bpf_obj_pin(actsFd, next.toString());
            if (result < 0)
            {
                throw new KernelException("map can not be pinned at " + next, -result);
            }
            try
            {
                Files.move(next, pin, StandardCopyOption.ATOMIC_MOVE);
            }
            catch (final IOException ex)
            {
                throw new KernelException("pin can not be replaced: " + pin, ex);
            }
        }
        InterfaceLink.delete(addressesPin);
    }

    private void carryActs(final QuarantineActs acts, final long nowNs) throws KernelException
    {
        final int fd = open(pin);
        try (QuarantineActs old = new QuarantineActs(fd, found.entriesMax()))
        {
            for (int place = 0; place < old.capacity(); place++)
            {
                if (old.isLive(place, nowNs))
                {
                    acts.copyFrom(old, place, takePlace(acts));
                }
            }
        }
        finally
        {
            LibC.API.close(fd);
        }
    }

    private void carryAddresses(final QuarantineActs acts, final long nowNs) throws KernelException
    {
        final int fd = open(addressesPin);
        try (NativeBlock block = new NativeBlock(ADDRESSES_VALUE_OFFSET + ADDRESSES_VALUE_LENGTH))
        {
            final UnsafeBuffer buffer = block.buffer();
            final long nextKey = block.address(ADDRESSES_KEY_LENGTH);
            long key = 0;
            while (bpf.bpf_map_get_next_key(fd, key, nextKey) == 0)
            {
                if (bpf.bpf_map_lookup_elem(fd, nextKey, block.address(ADDRESSES_VALUE_OFFSET)) == 0 &&
                    buffer.getLong(ADDRESSES_VALUE_OFFSET) - nowNs > 0)
                {
                    carryAddress(acts, buffer);
                }
                buffer.putBytes(0, buffer, ADDRESSES_KEY_LENGTH, ADDRESSES_KEY_LENGTH);
                key = block.address();
            }
        }
        finally
        {
            LibC.API.close(fd);
        }
    }

    private static void carryAddress(final QuarantineActs acts, final UnsafeBuffer buffer) throws KernelException
    {
        final int place = takePlace(acts);
        acts.writeRule(
            place,
            buffer.getLong(ADDRESSES_KEY_LENGTH, ByteOrder.BIG_ENDIAN),
            buffer.getLong(ADDRESSES_KEY_LENGTH + Long.BYTES, ByteOrder.BIG_ENDIAN),
            QuarantineRule.ADDRESS_BITS,
            QuarantineRule.SOURCE);
        acts.writeAct(
            place, buffer.getLong(ADDRESSES_VALUE_OFFSET + Long.BYTES), buffer.getInt(ADDRESSES_MODE_OFFSET), 0, 0);
        acts.writePackets(place, buffer.getLong(ADDRESSES_VALUE_OFFSET + 2 * Long.BYTES));
        acts.writeDeadline(place, buffer.getLong(ADDRESSES_VALUE_OFFSET));
    }

    private static int takePlace(final QuarantineActs acts) throws KernelException
    {
        final int place = acts.take();
        if (place == QuarantineActs.NO_PLACE)
        {
            throw new KernelException("more is contained than there is room for: quarantineEntriesMax=" +
                acts.capacity(), Errno.E2BIG.number(), "raise it, or release some first");
        }
        return place;
    }

    private int open(final Path path) throws KernelException
    {
        final int fd = bpf.bpf_obj_get(path.toString());
        if (fd < 0)
        {
            throw new KernelException("pinned map " + path + " can not be opened", -fd);
        }
        return fd;
    }
}
