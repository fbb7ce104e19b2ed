package io.aswarm.twinlab;

import io.aswarm.ebpf.IpAddress;
import io.aswarm.ebpf.IpPrefix;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Addresses that a ground truth names: single ones, networks, or anybody ({@code *}). Immutable.
 */
final class AddressSet
{
    private static final String ANYBODY = "*";
    private static final String NOBODY = "-";

    private final boolean isAnybody;
    private final Renumbering renumbering;
    private final Set<IpAddress> addresses = new HashSet<>();
    private final List<IpPrefix> networks = new ArrayList<>();

    private AddressSet(final boolean isAnybody, final Renumbering renumbering)
    {
        this.isAnybody = isAnybody;
        this.renumbering = renumbering;
    }

    /**
     * Read a list.
     *
     * @param text addresses and networks, separated by commas, semicolons or blanks; {@code *}; or nothing, also
     *             written {@code -}. What stands in parentheses, such as {@code (+1593 more)}, is passed over.
     * @return the set.
     * @throws IllegalArgumentException when it is none.
     */
    static AddressSet parse(final String text)
    {
        final String list = text.replaceAll("\\([^)]*\\)", "").trim();
        final AddressSet set = new AddressSet(ANYBODY.equals(list), Renumbering.NONE);
        if (!set.isAnybody)
        {
            for (final String item : list.split("[,;\\s]+"))
            {
                set.add(item);
            }
        }
        return set;
    }

    /** Exactly these addresses. */
    static AddressSet of(final Collection<IpAddress> addresses)
    {
        final AddressSet set = new AddressSet(false, Renumbering.NONE);
        set.addresses.addAll(addresses);
        return set;
    }

    /** The same hosts under other addresses. */
    AddressSet renumbered(final Renumbering by)
    {
        final AddressSet set = new AddressSet(isAnybody, by);
        set.addresses.addAll(addresses);
        set.networks.addAll(networks);
        return set;
    }

    private void add(final String item)
    {
        if (item.indexOf('/') >= 0)
        {
            networks.add(IpPrefix.parse(item));
        }
        else if (!item.isEmpty() && !NOBODY.equals(item))
        {
            addresses.add(IpAddress.parse(item));
        }
    }

    /** Whether it stands for everybody, so that being in it says nothing of an address. */
    boolean isAnybody()
    {
        return isAnybody;
    }

    boolean isEmpty()
    {
        return !isAnybody && addresses.isEmpty() && networks.isEmpty();
    }

    /** Whether an address is in it. */
    boolean contains(final IpAddress address)
    {
        final IpAddress original = renumbering.original(address);
        return isAnybody || addresses.contains(original) ||
            networks.stream().anyMatch((network) -> network.contains(original));
    }

    /** Whether an address is in it because the truth names it, not only because anybody would be. */
    boolean names(final IpAddress address)
    {
        return !isAnybody && contains(address);
    }
}
