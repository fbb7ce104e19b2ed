package io.aswarm.twinlab;

import io.aswarm.actuator.Control;
import io.aswarm.quorum.Elevation;
import io.aswarm.quorum.ElevationTable;
import io.aswarm.quorum.SignatureCheck;
import io.aswarm.quorum.Witness;

import java.util.List;

/**
 * Where a test puts a part that is wrong, to see that it is noticed. As it stands nothing is wrong.
 */
class MeshFaults
{
    ElevationTable table(final ElevationTable right)
    {
        return right;
    }

    SignatureCheck signatures(final SignatureCheck right)
    {
        return right;
    }

    long clockErrorNs(final long right)
    {
        return right;
    }

    /** What a node that starts again finds of an elevation before. */
    List<Witness> certified(final Elevation elevation)
    {
        return elevation.witnesses();
    }

    Control control(final Control right)
    {
        return right;
    }
}
