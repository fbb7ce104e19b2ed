package io.aswarm.sketch;

/**
 * Threshold random walk (Jung, Paxson, Berger and Balakrishnan, "Fast portscan detection using sequential hypothesis
 * testing", IEEE S&amp;P 2004). Each first contact of a source is a Bernoulli trial: under "benign" it succeeds with
 * probability &theta;0, under "scanner" with &theta;1 &lt; &theta;0. Evidence is the log of the paper's likelihood
 * ratio &Lambda; (its equation 3):
 * <pre>
 *                                        &theta;0     &theta;1    success    failure    silence
 *   TCP (configured)                     0.92   0.2   -1.526     +2.303     +2.101
 *   UDP, ICMP and others                 0.8    0.2   -1.386     +1.386     +0.784 (&theta;0 0.6, &theta;1 0.1)
 *   neighbour discovery                  0.8    0.2   -1.386     +1.386     +1.055 (&theta;0 0.7, &theta;1 0.1)
 *   nothing ever answered                                                   +0.693
 * </pre>
 * A failure adds ln((1 - &theta;1) / (1 - &theta;0)), a success ln(&theta;1 / &theta;0). Silence adds
 * ln((1 - &theta;1 q) / (1 - &theta;0 q)), where q is the share of answers that come within the time waited: an answer
 * may still come. One-way datagrams are normal, so their silence says less. With TCP's values nine failures in a row
 * are 20.7 nats, one node's bar.
 * <p>
 * Silence of a network that was never seen answering, towards a source that is answered elsewhere, counts as that of a
 * datagram: it may be that only this way back does not pass here. A completed exchange shows that it is; outside the
 * site any answer from there does, be it a name server's. The first word of a router that such a network cannot be
 * reached over TCP counts so too: the way there may be lost, as that of a site with addresses of IPv6 and no route.
 * Then each network that a client asks is spoken of first; a sweep hears the next word about the same.
 * <p>
 * <b>Ports asked all at once.</b> A scanner does not wait for the answer of one port of a host before he asks the
 * next (Leckie and Kotagiri, "A probabilistic approach to detecting network scans", NOMS 2002, judge by the ports that
 * hosts are asked for, not by what they answer). So an opening is a trial itself while its source waits at
 * {@value #PENDING_FREE} system ports of the host ({@link PendingPorts}): one more port has probability 0.95 under
 * "scanner" and 0.05 under "benign", ln {@value #PENDING_FACTOR} = 2.94 nats. Of 1,848 pairs of hosts in the benign
 * captures of the open corpus none waited at more than two ports below 32,768 at once; with the answers left out, 18
 * asked two within the wait and one asked three. Only system ports begin it: ranks of a collective ask each other at
 * dozens of higher ones within an instant. Where answers to the source are never seen the wait may have another
 * reason, and 1/6 takes the place of 0.05: ln {@value #PENDING_UNSEEN_FACTOR} = 1.74 nats, so that who asks a domain
 * controller for its ten services is below the bar even if only that direction passes here. The answer takes it back;
 * if the contact fails, that counts only as far as it is more.
 * <p>
 * <b>Bare openings</b> ({@link Conversation#isBareOpening()}) are those of who writes his segments himself: in the open
 * corpus of 9 of 11 sources of TCP scans (nmap -sS, masscan), and of 11 of 689 benign hosts, at most 3 % with 95 %
 * confidence (Clopper and Pearson, Biometrika 26, 1934). A stack is a property of its source, so this counts once in an
 * episode, with its second observation, so that one failure is told no sooner: ln(0.8 / 0.03) = ln
 * {@value #BARE_FACTOR} = 3.28 nats. And a bare opening is a trial, of 2.94 nats whether answers are seen or not, while
 * its source waits at {@value #PENDING_FREE} others of one network, at any of its ports and hosts: what excuses
 * ordinary clients, ranks at high ports and a domain's ten services, comes from ordinary stacks. None of those 11 hosts
 * waited at two. So a fast scan is called with the eighth contact, whatever it asks and even in the dark; a benign host
 * that opens bare has to wait so six times in a row, below 2 x 10<sup>-8</sup>. The price: a small stack that asks one
 * network for eight services at once, and a monitor that writes its own openings, are to be declared.
 * <p>
 * High ports asked by an ordinary stack cannot be told before answers are overdue: ranks of a collective do the same,
 * at ports next to each other that nobody was ever served at, and wait as long as anybody. What differs is only
 * whether they are answered.
 * <p>
 * <b>Where nothing ever answered</b> either of them it is not known whether answers pass here at all. Then only
 * concentration speaks: a further port of the same host as the contact before, or a further host of the same network
 * (IPv4 /24, IPv6 /64) that was never heard, neither asking nor answering. Each adds ln 2, held to be twice as likely
 * of a scanner. At the start of a collective, seen from one side only, all ask all, and so all are heard; servers that
 * are asked by one client in numbers and never speak where this sensor hears them are the price. Contacts from a
 * service's port to a high one do not count, as those are answers whose question did not pass here; of datagrams
 * nowhere, since a question may be lost on its way here. Nor do datagrams to the
 * {@value #TRACE_PROBES} ports from {@value #TRACE_PORTS} on: traceroute(8) sends them to be lost.
 * <p>
 * <b>Segments of no conversation</b> are what is seen of a scan by ACK, FIN or no flag at all, one in twenty or so. A
 * scanner sends them from one port (nmap's default), a client each conversation from another: two in a row from the
 * same port to different services have probability 0.9 against 0.05, where chance alone gives 1/28,232 (Linux's range
 * of ports, drawn as RFC 6056 asks), ln {@value #STRAY_FACTOR} = 2.89 nats: the sender may be a server at a high port
 * whose questions were not seen. No
 * client of a server asks from a system port, and to those it is 0.9 against 0.01, ln {@value #STRAY_SYSTEM_FACTOR} =
 * 4.5 nats. From different ports only concentration speaks, as above. The plain reset by which a service answers such a
 * segment is the same knowledge, and counts so for whom it went to: half of what is sampled of nmap -sA is that. Resets
 * after the end of conversations go to a client's many ports.
 * <p>
 * Differences from the paper, each for a reason:
 * <ul>
 * <li>A contact that somebody else sent in the source's name ({@link Verification#isForged}) is not held against it;
 * {@link DistributedScanTest} holds it for the aim.</li>
 * <li>Nor is one that {@link Peers} may fail at. And of a source that opens one aim bare in company, mostly, the aim is
 * told ({@link Decoys}) unless the source is verified.</li>
 * <li>A neighbour discovery that is answered takes nothing away where the failure before was over TCP: it is the
 * first step of the contact that follows, no trial of its own, and a scan of live neighbours has as many as
 * refusals.</li>
 * <li>Evidence does not go below 0: there the episode ends and the next failure starts another one. The paper stops
 * at a lower threshold &eta;0 and starts anew; a floor at 0 is that with &eta;0 = 1, Page's CUSUM (Biometrika 41,
 * 1954), and for scans the walk in reverse order of Schechter, Jung and Berger ("Fast detection of scanning worm
 * infections", RAID 2004), whose trials are first contacts, too. A source cannot save up good conduct, and one without
 * failures needs no memory.</li>
 * <li>Evidence halves with {@code halfLifeNs}, ten minutes, so that rare failures of a long-lived host do not add up
 * for ever, and an episode without a failure for {@code quietNs} is over. The paper forgets nothing; a refused probe
 * each minute is called with the fourteenth.</li>
 * <li>A contact is (source, destination, port), not (source, destination), so that one host's ports count too. The
 * same contact counts once in an episode, even after the first-contact memory forgot it.</li>
 * <li>Contacts that failed before and fail again count for a source against which there once were
 * {@value #CONVICTED_NATS} nats: it scans on. From others they are retries and do not count.</li>
 * <li>Evidence stops at {@code evidenceMaxNats}, which bounds the number of signals.</li>
 * </ul>
 * <b>Error.</b> By Wald's bound a benign first contact at the floor begins an episode that comes to
 * ln((1 - &beta;) / &alpha;) nats with probability at most &alpha;. At one node's bar, &alpha; = 10<sup>-9</sup>, it is
 * 4.6 x 10<sup>-10</sup> with TCP's rates and 5.6 x 10<sup>-10</sup> with the others'; of episodes that began, one in
 * 1.7 x 10<sup>8</sup>. <b>Miss.</b> A scanner with the model's rates is called for certain if he goes on, as the walk
 * begins anew at the floor: with TCP's after 13.6 contacts on average and 24 in 99 of a hundred cases, which is &beta;
 * = 0.01; with the others' after 24.4 and 44. One who mixes in as many successful first contacts as failures is not
 * called by this test; the paper has that limit too.
 */
final class SequentialScanTest implements ContactListener
{
    /** Evidence at which a source counts as one that scans, for as long as it has its slot. */
    static final double CONVICTED_NATS = 14.0;
    static final double OTHERS_BENIGN_SUCCESS = 0.8;
    static final double OTHERS_SCANNER_SUCCESS = 0.2;
    static final double DATAGRAM_BENIGN_ANSWERED = 0.6;
    static final double NEIGHBOUR_BENIGN_ANSWERED = 0.7;
    static final double SCANNER_ANSWERED = 0.1;
    static final double UNANSWERED_FACTOR = 2.0;
    static final double STRAY_FACTOR = 18.0;
    static final double STRAY_SYSTEM_FACTOR = 90.0;
    static final int PENDING_FREE = 2;
    static final double PENDING_FACTOR = 19.0;
    static final double PENDING_UNSEEN_FACTOR = 5.7;
    static final double BARE_FACTOR = 26.7;
    private static final int TRACE_PORTS = 33_434;
    private static final int TRACE_PROBES = 256;

    private final double tcpFailureNats;
    private final double tcpSilenceNats;
    private final double tcpSuccessNats;
    private final double othersFailureNats;
    private final double othersSuccessNats;
    private final double datagramSilenceNats;
    private final double neighbourSilenceNats;
    private final double unansweredNats;
    private final double convictedNats;
    private final double strayNats;
    private final double straySystemNats;
    private final int pendingFree;
    private final double pendingNats;
    private final double pendingUnseenNats;
    private final double bareNats;
    private final long repeatNs;
    private final KeyedHash sourceHash;
    private final Evidence evidence;
    private final Verification verification;
    private final Decoys decoys;
    private final EpisodeNotes notes;
    private final Peers peers;
    private final FanOutSketch contacts;
    private final FanOutSketch hosts;
    private final FanOutSketch ports;

    SequentialScanTest(final Workshop workshop)
    {
        final LocalPolicyConfig config = workshop.config();
        final double benign = config.benignSuccess();
        final double scanner = config.scannerSuccess();
        this.tcpFailureNats = failureNats(benign, scanner, 1.0);
        this.tcpSilenceNats = failureNats(benign, scanner, FirstContacts.ANSWERED_IN_TIME);
        this.tcpSuccessNats = StrictMath.log(benign / scanner);
        final DetectorParameters parameters = workshop.parameters();
        final double othersBenign = parameters.value(DetectorParameter.SCAN_OTHERS_BENIGN);
        final double othersScanner = parameters.value(DetectorParameter.SCAN_OTHERS_SCANNER);
        this.othersFailureNats = failureNats(othersBenign, othersScanner, 1.0);
        this.othersSuccessNats = StrictMath.log(othersBenign / othersScanner);
        final double answered = parameters.value(DetectorParameter.SCAN_SCANNER_ANSWERED);
        this.datagramSilenceNats = failureNats(
            parameters.value(DetectorParameter.SCAN_DATAGRAM_BENIGN), answered, FirstContacts.ANSWERED_IN_TIME);
        this.neighbourSilenceNats = failureNats(
            parameters.value(DetectorParameter.SCAN_NEIGHBOUR_BENIGN), answered, FirstContacts.ANSWERED_IN_TIME);
        this.unansweredNats = parameters.logOf(DetectorParameter.SCAN_UNANSWERED);
        this.convictedNats = parameters.value(DetectorParameter.SCAN_CONVICTED);
        this.strayNats = parameters.logOf(DetectorParameter.SCAN_STRAY);
        this.straySystemNats = parameters.logOf(DetectorParameter.SCAN_STRAY_SYSTEM);
        this.pendingFree = parameters.count(DetectorParameter.SCAN_PENDING_FREE);
        this.pendingNats = parameters.logOf(DetectorParameter.SCAN_PENDING);
        this.pendingUnseenNats = parameters.logOf(DetectorParameter.SCAN_PENDING_UNSEEN);
        this.bareNats = parameters.logOf(DetectorParameter.SCAN_BARE);
        this.repeatNs = config.repeatNs();
        this.sourceHash = workshop.key().derive(1);
        this.verification = workshop.verification();
        this.decoys = new Decoys(workshop);
        final int slots = config.suspectsMax();
        this.evidence = new Evidence(Scenario.SCAN, slots, workshop);
        this.notes = new EpisodeNotes(workshop.memory().allocate(EpisodeNotes.memoryLength(slots)));
        this.peers = new Peers(config.site(), notes, sourceHash);
        this.contacts = workshop.fanOut(slots, 2);
        this.hosts = workshop.fanOut(slots, 3);
        this.ports = workshop.fanOut(slots, 4);
    }

    private static double failureNats(final double benign, final double scanner, final double answeredInTime)
    {
        return StrictMath.log((1 - scanner * answeredInTime) / (1 - benign * answeredInTime));
    }

    @Override
    public void onOpened(final Contact contact, final int weight)
    {
        if (contact.is(PendingContacts.BARE) && decoys.opened(contact))
        {
            contact.isAccompanied = verification.of(contact) == 0;
            accompany(evidence.find(sourceHash.hash(contact.sourceHigh, contact.sourceLow)));
            accompany(evidence.find(sourceHash.hash(decoys.otherHigh(), decoys.otherLow())));
        }
        if (contact.pendingPorts > pendingFree && !contact.is(PendingContacts.AGAIN))
        {
            final boolean isBare = contact.is(PendingContacts.BARE);
            contact.cause = isBare ? Cause.PENDING_BARE : Cause.PENDING_PORT;
            hold(
                contact, isBare || contact.isAnswerSeen ? pendingNats : pendingUnseenNats, weight, contact.openedNs);
        }
    }

    private void accompany(final int slot)
    {
        if (slot != Evidence.NONE)
        {
            notes.accompany(slot);
        }
    }

    @Override
    public void onSuccess(final Contact contact, final long nowNs)
    {
        take(contact, Cause.SUCCEEDED, contact.isTcp() ? tcpSuccessNats : othersSuccessNats, nowNs);
    }

    @Override
    public void onRetraction(final Contact contact, final long nowNs)
    {
        take(contact, Cause.RETRACTED, contact.heldNats, nowNs);
    }

    private void take(final Contact contact, final Cause cause, final double nats, final long nowNs)
    {
        final int slot = evidence.find(sourceHash.hash(contact.sourceHigh, contact.sourceLow));
        final boolean isBeside = cause == Cause.SUCCEEDED && contact.protocol == Conversation.NEIGHBOUR_DISCOVERY;
        if (slot != Evidence.NONE && !(isBeside && notes.wasTcp(slot)) &&
            evidence.take(slot, cause, nats, nowNs) && cause == Cause.SUCCEEDED)
        {
            peers.served(slot, contact);
        }
    }

    @Override
    public void onFailure(final Contact contact, final int weight, final long nowNs)
    {
        final boolean isSilence =
            contact.cause == Cause.UNANSWERED || contact.cause == Cause.UNREACHED || contact.cause == Cause.SILENT;
        if ((isSilence && isAnswer(contact)) || isTrace(contact))
        {
            return;
        }
        final double nats = nats(contact) - contact.heldNats;
        if (nats > 0.0 && (!contact.is(PendingContacts.AGAIN) || isConvicted(contact)))
        {
            hold(contact, nats, weight, nowNs);
        }
    }

    /** Segments of no conversation are sampled, and normal where conversations began before the sensor did. */
    @Override
    public void onStray(final Contact contact, final long nowNs)
    {
        final int slot = episode(contact, unansweredNats, nowNs);
        if (slot == Evidence.NONE)
        {
            return;
        }
        final boolean isSameSocket = notes.isSameSocket(slot, contact);
        final boolean isSystem = contact.port < PendingPorts.SYSTEM_PORTS;
        final boolean isNext = isSystem && notes.isConcentrated(slot, contact);
        notes.last(slot, contact);
        if (isNewInEpisode(slot, contact, nowNs) && (isSameSocket || isNext))
        {
            contact.cause = isSameSocket ? Cause.STRAY : Cause.UNANSWERED;
            hosts.add(slot, contact.destinationHigh, contact.destinationLow);
            ports.add(slot, contact.protocol, contact.port);
            final double sameNats = isSystem ? straySystemNats : strayNats;
            add(slot, contact, isSameSocket ? sameNats : unansweredNats, 1, nowNs);
        }
    }

    private void hold(final Contact contact, final double nats, final int weight, final long nowNs)
    {
        final int slot = episode(contact, nats, nowNs);
        if (slot == Evidence.NONE)
        {
            return;
        }
        final boolean isConcentrated = notes.isConcentrated(slot, contact);
        notes.last(slot, contact);
        final boolean isNew = isNewInEpisode(slot, contact, nowNs) || contact.heldNats > 0.0;
        if (isNew && (contact.cause != Cause.UNANSWERED || isConcentrated))
        {
            final boolean isNewHost = hosts.add(slot, contact.destinationHigh, contact.destinationLow);
            final boolean isNewPort = ports.add(slot, contact.protocol, contact.port);
            if (!peers.excuse(slot, contact, isNewHost, isNewPort))
            {
                add(slot, contact, nats, weight, nowNs);
            }
        }
    }

    private int episode(final Contact contact, final double nats, final long nowNs)
    {
        if (verification.isForged(contact))
        {
            return Evidence.NONE;
        }
        final int slot = evidence.episode(
            sourceHash.hash(contact.sourceHigh, contact.sourceLow), contact.sourceHigh, contact.sourceLow, nats, nowNs);
        if (slot != Evidence.NONE && evidence.isNew())
        {
            notes.clear(slot, nowNs);
            contacts.clear(slot);
            hosts.clear(slot);
            ports.clear(slot);
        }
        return slot;
    }

    private void add(
        final int slot, final Contact contact, final double nats, final int weight, final long nowNs)
    {
        evidence.add(slot, contact, nats, verification.of(contact), weight, nowNs);
        contact.heldNats += nats;
        if (evidence.count(slot) > 1 && notes.isFirstBare(slot, contact))
        {
            final Cause cause = contact.cause;
            contact.cause = Cause.BARE_STACK;
            evidence.add(slot, contact, bareNats, verification.of(contact), 0, nowNs);
            contact.cause = cause;
        }
        if (evidence.isDue(slot, nowNs) && !isDecoy(slot, contact))
        {
            evidence.tell(slot, hosts.estimate(slot), ports.estimate(slot), nowNs);
        }
    }

    /** Whether the source was merely shown, among others, at one aim: {@link DistributedScanTest} tells that. */
    private boolean isDecoy(final int slot, final Contact contact)
    {
        return 2 * notes.accompanied(slot) > evidence.count(slot) && verification.of(contact) == 0 &&
            hosts.estimate(slot) == 1;
    }

    private static boolean isAnswer(final Contact contact)
    {
        final boolean isLikely = contact.protocol == ConversationKind.UDP || contact.cause == Cause.UNANSWERED;
        return isLikely && contact.sourcePort > 0 && contact.sourcePort < PendingPorts.SYSTEM_PORTS &&
            contact.port >= PendingPorts.SYSTEM_PORTS;
    }

    private static boolean isTrace(final Contact contact)
    {
        return contact.protocol == ConversationKind.UDP &&
            contact.port >= TRACE_PORTS && contact.port < TRACE_PORTS + TRACE_PROBES;
    }

    private boolean isConvicted(final Contact contact)
    {
        final int slot = evidence.find(sourceHash.hash(contact.sourceHigh, contact.sourceLow));
        return slot != Evidence.NONE && evidence.peakNats(slot) >= convictedNats;
    }

    private double nats(final Contact contact)
    {
        if (contact.cause == Cause.UNANSWERED)
        {
            return unansweredNats;
        }
        if (contact.cause == Cause.UNREACHED || contact.cause == Cause.NO_WAY)
        {
            return datagramSilenceNats;
        }
        final boolean isSilent = contact.cause == Cause.SILENT;
        if (contact.isTcp())
        {
            return isSilent ? tcpSilenceNats : tcpFailureNats;
        }
        if (!isSilent)
        {
            return othersFailureNats;
        }
        return contact.protocol == Conversation.NEIGHBOUR_DISCOVERY ? neighbourSilenceNats : datagramSilenceNats;
    }

    private boolean isNewInEpisode(final int slot, final Contact contact, final long nowNs)
    {
        // Past half full it would swallow too many contacts that are new.
        if (contacts.zeros(slot) < FanOutSketch.BITS / 2 ||
            (contact.is(PendingContacts.AGAIN) && notes.isOver(slot, repeatNs, nowNs)))
        {
            contacts.clear(slot);
        }
        return contacts.add(slot, contact.hash, 0);
    }
}
