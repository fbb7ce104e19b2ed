package io.aswarm.quorum;

import org.agrona.BitUtil;

/**
 * Layout of a signal in the ring between the sensor thread and the quorum thread of one process; native byte order.
 * <pre>
 *  0    scenario, count, distinct hosts, distinct ports, aim port (32 each), role, verification (16 each)
 *  24   subject high, subject low, evidence (double), aim high, aim low, first seen, last seen (64 each)
 *  80
 * </pre>
 */
final class SignalDescriptor
{
    static final int TYPE_ID = 1;
    static final int SCENARIO_OFFSET = 0;
    static final int COUNT_OFFSET = SCENARIO_OFFSET + BitUtil.SIZE_OF_INT;
    static final int HOSTS_OFFSET = COUNT_OFFSET + BitUtil.SIZE_OF_INT;
    static final int PORTS_OFFSET = HOSTS_OFFSET + BitUtil.SIZE_OF_INT;
    static final int AIM_PORT_OFFSET = PORTS_OFFSET + BitUtil.SIZE_OF_INT;
    static final int ROLE_OFFSET = AIM_PORT_OFFSET + BitUtil.SIZE_OF_INT;
    static final int VERIFICATION_OFFSET = ROLE_OFFSET + BitUtil.SIZE_OF_SHORT;
    static final int SUBJECT_HIGH_OFFSET = VERIFICATION_OFFSET + BitUtil.SIZE_OF_SHORT;
    static final int SUBJECT_LOW_OFFSET = SUBJECT_HIGH_OFFSET + BitUtil.SIZE_OF_LONG;
    static final int EVIDENCE_OFFSET = SUBJECT_LOW_OFFSET + BitUtil.SIZE_OF_LONG;
    static final int AIM_HIGH_OFFSET = EVIDENCE_OFFSET + BitUtil.SIZE_OF_DOUBLE;
    static final int AIM_LOW_OFFSET = AIM_HIGH_OFFSET + BitUtil.SIZE_OF_LONG;
    static final int FIRST_SEEN_OFFSET = AIM_LOW_OFFSET + BitUtil.SIZE_OF_LONG;
    static final int LAST_SEEN_OFFSET = FIRST_SEEN_OFFSET + BitUtil.SIZE_OF_LONG;
    static final int LENGTH = LAST_SEEN_OFFSET + BitUtil.SIZE_OF_LONG;

    private SignalDescriptor()
    {
    }
}
