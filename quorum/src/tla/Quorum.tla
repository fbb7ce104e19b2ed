------------------------------- MODULE Quorum -------------------------------
(***************************************************************************)
(* How evidence against one subject becomes an elevation, an act, and      *)
(* nothing again. README.md maps every name to the class that does it.     *)
(*                                                                         *)
(* The network is a set of all that honest nodes have said: any of it may  *)
(* be received at any time, in any order, any number of times, or never.   *)
(* That is loss, delay, reordering, duplication, replay and partition, as  *)
(* far as safety goes; for liveness loss and partition are actions too.    *)
(*                                                                         *)
(* A decision sends nothing, so deciders do not influence one another:     *)
(* what holds for one of them holds for each.                              *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

CONSTANTS
    Honest,       \* nodes that follow the protocol
    Liars,        \* nodes whose keys an attacker holds
    Deciders,     \* the honest nodes whose decisions are followed; others only witness
    K,            \* distinct witnesses that the elevation table asks for
    LevelMax,     \* evidence is counted in levels, each worth the table's floor or more
    LocalLevel,   \* own evidence of this level elevates alone; above LevelMax: never
    SequenceMax,  \* messages of one boot; then only the last one is repeated
    BootMax,      \* boots of one node
    CrashMax,     \* crashes in all
    CutMax,       \* partitions in all
    OrderMax,     \* operators' orders: odd numbers suspend, even ones resume
    Evaporates,   \* FALSE: evidence is fed as fast as it evaporates
    Life,         \* ticks until evidence has evaporated and its message is stale
    Ttl           \* ticks that an act is granted

ASSUME
    /\ Deciders \subseteq Honest
    /\ Honest \cap Liars = {}
    /\ K > Cardinality(Liars)
    /\ BootMax > CrashMax

VARIABLES
    up,        \* is the process running?
    boot,      \* its boot epoch
    own,       \* what its sensor holds against the subject: [level, age]
    sequence,  \* of its newest message in this boot
    sent,      \* what honest nodes have said and is not stale
    cut,       \* one side of a partition; {} when there is none
    crashes, cuts, issued,
    \* a decider's memory, gone with its process
    heard,     \* newest boot heard of each sender
    window,    \* sequences received of that boot
    held,      \* newest deposit of each witness, with what of it is spent
    \* a decider's certificates, on disk
    since,     \* ticks since it elevated last; Life: so long ago that it does not matter
    \* a decider's kernel, which outlives the process
    left,      \* ticks until the quarantine entry's deadline; 0: there is none
    halted,    \* the kill switch
    obeyed,    \* number of the newest order obeyed, on disk
    \* for the properties only; no step depends on them
    counted,   \* witnesses on whom this very step elevated
    fresh,     \* and the honest evidence with which they counted
    elevated,  \* was the subject ever elevated here?
    used,      \* honest evidence elevated upon, in any boot
    seen,      \* what honest nodes had seen, said or not, when it elevated last
    span,      \* ticks that the present act has lasted
    newest     \* newest order ever obeyed

process == <<up, boot, own, sequence>>
network == <<sent, cut, crashes, cuts, issued>>
memory  == <<heard, window, held, since>>
kernel  == <<left, halted, obeyed>>
ghosts  == <<elevated, used, seen, span, newest>>
vars    == <<process, network, memory, kernel, ghosts, counted, fresh>>

Nodes == Honest \cup Liars
Nothing == [boot |-> 0, sequence |-> 0, level |-> 0, spent |-> 0, age |-> Life]
Silent == [level |-> 0, age |-> 0]

Init ==
    /\ up = [n \in Honest |-> TRUE]
    /\ boot = [n \in Honest |-> 1]
    /\ own = [n \in Honest |-> Silent]
    /\ sequence = [n \in Honest |-> 0]
    /\ sent = {}
    /\ cut = {}
    /\ crashes = 0 /\ cuts = 0 /\ issued = 0
    /\ heard = [n \in Deciders |-> [m \in Nodes |-> 0]]
    /\ window = [n \in Deciders |-> [m \in Nodes |-> {}]]
    /\ held = [n \in Deciders |-> [m \in Nodes |-> Nothing]]
    /\ since = [n \in Deciders |-> Life]
    /\ left = [n \in Deciders |-> 0]
    /\ halted = [n \in Deciders |-> FALSE]
    /\ obeyed = [n \in Deciders |-> 0]
    /\ counted = [n \in Deciders |-> {}]
    /\ elevated = [n \in Deciders |-> FALSE]
    /\ used = [n \in Deciders |-> {}]
    /\ fresh = [n \in Deciders |-> {}]
    /\ seen = [n \in Deciders |-> {}]
    /\ span = [n \in Deciders |-> 0]
    /\ newest = [n \in Deciders |-> 0]

-----------------------------------------------------------------------------
(* Decisions. QuorumModel has a wrong one for each, which must be found.   *)

\* Evidence that is neither spent nor evaporated.
Live(h) == IF h.age < Life /\ h.level > h.spent THEN h.level - h.spent ELSE 0

Witnesses(deposits) == {m \in Nodes : Live(deposits[m]) > 0}

Required == K

\* A liar may say anything at any time, but only in its own name: signatures are of the roster's keys.
Lies == [from : Liars, boot : 1..BootMax, sequence : 1..SequenceMax, level : 1..LevelMax, age : {0}]

Admits(n, d) ==
    \/ d.boot > heard[n][d.from]
    \/ d.boot = heard[n][d.from] /\ d.sequence \notin window[n][d.from]

Overtaken(h, d) == d.boot < h.boot \/ (d.boot = h.boot /\ d.sequence <= h.sequence)

\* Less than was spent is another episode, and so is another boot.
StillSpent(h, d) == IF d.boot = h.boot /\ d.level >= h.spent THEN h.spent ELSE 0

\* Seen before the last elevation, though it arrives later. (Of one tick, all that precedes it counts as before.)
Late(n, d) == d.age >= since[n]

MayStart(n) == left[n] = 0 /\ ~halted[n]

Obeys(n, order) == order > obeyed[n]

\* The kernel compares the deadline itself, whether the process runs or not.
Remaining(n) == IF left[n] > 0 THEN left[n] - 1 ELSE 0

\* What a process finds on its disk when it starts again: the order it obeyed, and its certificates, which say when
\* it elevated last and on what.
Recovered(n) == obeyed[n]
CertifiedSince(n) == since[n]
Certified(h) == IF h.spent > 0 THEN [h EXCEPT !.level = h.spent] ELSE Nothing

WorthRepeating(n) == own[n].level > 0 /\ own[n].age < Life

-----------------------------------------------------------------------------
(* Steps of the system                                                     *)

Quiet == counted' = [n \in Deciders |-> {}] /\ fresh' = [n \in Deciders |-> {}]

\* Level by level.
Evidence(witnesses, deposits) ==
    UNION {{<<m, deposits[m].boot, level>> : level \in deposits[m].spent + 1..deposits[m].level} :
        m \in witnesses \cap Honest}

\* Statements as a whole: what was said, and what a sensor knows now that its node will say.
Seen(sights) ==
    {<<d.from, d.boot, d.level>> : d \in sent} \cup {<<m, boot[m], sights[m].level>> : m \in Honest}

Holding(n, d) ==
    LET h == held[n][d.from]
    IN  [held[n] EXCEPT ![d.from] =
            IF Overtaken(h, d) THEN h
            ELSE [boot |-> d.boot, sequence |-> d.sequence, level |-> d.level, age |-> d.age,
                  spent |-> IF Late(n, d) THEN d.level ELSE StillSpent(h, d)]]

\* On whom the deposits elevate: enough witnesses, else oneself when one is sure enough, else nobody.
Elevating(n, deposits) ==
    IF Cardinality(Witnesses(deposits)) >= Required THEN Witnesses(deposits)
    ELSE IF Live(deposits[n]) >= LocalLevel THEN {n} ELSE {}

\* Take a deposit in, decide at once, and ask for the act. One thread, one step.
\* (\E over a set of one: TLC evaluates what it binds once.)
Fuse(n, d) ==
    \E now \in {Holding(n, d)} : \E on \in {Elevating(n, now)} : \E starts \in {on # {} /\ MayStart(n)} :
        /\ held' = [held EXCEPT ![n] =
            [m \in Nodes |-> IF on # {} THEN [now[m] EXCEPT !.spent = now[m].level] ELSE now[m]]]
        /\ since' = [since EXCEPT ![n] = IF on # {} THEN 0 ELSE @]
        /\ counted' = [m \in Deciders |-> IF m = n THEN on ELSE {}]
        /\ fresh' = [m \in Deciders |-> IF m = n THEN Evidence(on, now) ELSE {}]
        /\ elevated' = [elevated EXCEPT ![n] = @ \/ on # {}]
        /\ used' = [used EXCEPT ![n] = @ \cup Evidence(on, now)]
        /\ seen' = [seen EXCEPT ![n] = IF on # {} THEN @ \cup Seen(own') ELSE @]
        /\ left' = [left EXCEPT ![n] = IF starts THEN Ttl ELSE @]
        /\ span' = [span EXCEPT ![n] = IF starts /\ left[n] = 0 THEN 0 ELSE @]

\* A sensor's evidence grows. A decider counts its own at once, before it is said.
Observe(n) ==
    /\ up[n] /\ own[n].level < LevelMax /\ sequence[n] < SequenceMax
    /\ own' = [own EXCEPT ![n] = [level |-> @.level + 1, age |-> 0]]
    /\ sequence' = [sequence EXCEPT ![n] = @ + 1]
    /\ IF n \in Deciders
       THEN Fuse(n, [from |-> n, boot |-> boot[n], sequence |-> held[n][n].sequence + 1,
                     level |-> own'[n].level, age |-> 0])
       ELSE Quiet /\ UNCHANGED <<held, since, elevated, used, seen, left, span>>
    /\ sent' = sent \cup {[from |-> n, boot |-> boot[n], sequence |-> sequence'[n], level |-> own'[n].level, age |-> 0]}
    /\ UNCHANGED <<up, boot, cut, crashes, cuts, issued, heard, window, halted, obeyed, newest>>

\* The same evidence again, for somebody who may have missed it.
SayAgain(n) ==
    /\ up[n] /\ WorthRepeating(n)
    /\ sequence' = [sequence EXCEPT ![n] = IF @ < SequenceMax THEN @ + 1 ELSE @]
    /\ sent' = sent \cup {[from |-> n, boot |-> boot[n], sequence |-> sequence'[n], level |-> own[n].level,
                           age |-> own[n].age]}
    /\ UNCHANGED <<up, boot, own, cut, crashes, cuts, issued, memory, kernel, ghosts>>
    /\ Quiet

Receive(n, d) ==
    /\ up[n] /\ d.from # n /\ Admits(n, d)
    /\ heard' = [heard EXCEPT ![n][d.from] = d.boot]
    /\ window' = [window EXCEPT ![n][d.from] = IF d.boot = heard[n][d.from] THEN @ \cup {d.sequence} ELSE {d.sequence}]
    /\ UNCHANGED process
    /\ Fuse(n, d)
    /\ UNCHANGED <<network, halted, obeyed, newest>>

\* Two operators sign an order. Anybody may repeat it to anybody, at any time.
Issue ==
    /\ issued < OrderMax
    /\ issued' = issued + 1
    /\ UNCHANGED <<process, sent, cut, crashes, cuts, memory, kernel, ghosts>>
    /\ Quiet

Obey(n, order) ==
    /\ up[n] /\ order <= issued /\ Obeys(n, order)
    /\ obeyed' = [obeyed EXCEPT ![n] = order]
    /\ halted' = [halted EXCEPT ![n] = order % 2 = 1]
    /\ newest' = [newest EXCEPT ![n] = IF order > @ THEN order ELSE @]
    /\ UNCHANGED <<process, network, memory, left, elevated, used, seen, span>>
    /\ Quiet

Crash(n) ==
    /\ up[n] /\ crashes < CrashMax
    /\ crashes' = crashes + 1
    /\ up' = [up EXCEPT ![n] = FALSE]
    /\ own' = [own EXCEPT ![n] = Silent]
    /\ IF n \in Deciders
       THEN /\ heard' = [heard EXCEPT ![n] = [m \in Nodes |-> 0]]
            /\ window' = [window EXCEPT ![n] = [m \in Nodes |-> {}]]
            /\ held' = [held EXCEPT ![n] = [m \in Nodes |-> Certified(held[n][m])]]
            /\ since' = [since EXCEPT ![n] = CertifiedSince(n)]
       ELSE UNCHANGED memory
    /\ UNCHANGED <<boot, sequence, sent, cut, cuts, issued, kernel, ghosts>>
    /\ Quiet

\* The entry that is found is adopted with the time that remains.
Restart(n) ==
    /\ ~up[n]
    /\ up' = [up EXCEPT ![n] = TRUE]
    /\ boot' = [boot EXCEPT ![n] = @ + 1]
    /\ sequence' = [sequence EXCEPT ![n] = 0]
    /\ obeyed' = IF n \in Deciders THEN [obeyed EXCEPT ![n] = Recovered(n)] ELSE obeyed
    /\ UNCHANGED <<own, network, memory, left, halted, ghosts>>
    /\ Quiet

Older(x) == [x EXCEPT !.age = IF @ < Life THEN @ + 1 ELSE @]

Tick ==
    /\ left' = [n \in Deciders |-> Remaining(n)]
    /\ span' = [n \in Deciders |-> IF left[n] > 0 THEN span[n] + 1 ELSE 0]
    /\ IF Evaporates
       THEN /\ own' = [n \in Honest |-> Older(own[n])]
            /\ held' = [n \in Deciders |-> [m \in Nodes |-> Older(held[n][m])]]
            /\ since' = [n \in Deciders |-> IF since[n] < Life THEN since[n] + 1 ELSE Life]
            /\ sent' = {Older(d) : d \in {e \in sent : e.age + 1 < Life}}
       ELSE UNCHANGED <<own, held, since, sent>>
    /\ UNCHANGED <<up, boot, sequence, cut, crashes, cuts, issued, heard, window, halted, obeyed,
                   elevated, used, seen, newest>>
    /\ Quiet

\* For liveness: what safety gets from never receiving.
Lose(d) ==
    /\ sent' = sent \ {d}
    /\ UNCHANGED <<process, cut, crashes, cuts, issued, memory, kernel, ghosts>>
    /\ Quiet

Partition(side) ==
    /\ cut = {} /\ cuts < CutMax
    /\ cut' = side /\ cuts' = cuts + 1
    /\ UNCHANGED <<process, sent, crashes, issued, memory, kernel, ghosts>>
    /\ Quiet

Heal ==
    /\ cut # {}
    /\ cut' = {}
    /\ UNCHANGED <<process, sent, crashes, cuts, issued, memory, kernel, ghosts>>
    /\ Quiet

Connected(n, m) == (n \in cut) = (m \in cut)

-----------------------------------------------------------------------------
(* Safety                                                                  *)

Next ==
    \/ \E n \in Honest : Observe(n) \/ SayAgain(n) \/ Crash(n) \/ Restart(n)
    \/ \E n \in Deciders : \E d \in sent \cup Lies : Receive(n, d)
    \/ \E n \in Deciders : \E order \in 1..OrderMax : Obey(n, order)
    \/ Issue
    \/ Tick

Spec == Init /\ [][Next]_vars

Deposits ==
    [from : Nodes, boot : 1..BootMax, sequence : 1..SequenceMax, level : 1..LevelMax, age : 0..Life]

TypeOK ==
    /\ up \in [Honest -> BOOLEAN]
    /\ boot \in [Honest -> 1..BootMax]
    /\ own \in [Honest -> [level : 0..LevelMax, age : 0..Life]]
    /\ sent \subseteq Deposits
    /\ \A n \in Deciders : \A m \in Nodes : held[n][m].spent <= held[n][m].level
    /\ since \in [Deciders -> 0..Life]
    /\ left \in [Deciders -> 0..Ttl]
    /\ obeyed \in [Deciders -> 0..OrderMax]

\* No elevation without k distinct witnesses, or one's own strong evidence; so f < k liars never suffice.
WitnessesSuffice ==
    [][\A n \in Deciders : counted'[n] # {} =>
        \/ Cardinality(counted'[n]) >= K /\ Cardinality(counted'[n] \cap Honest) >= K - Cardinality(Liars)
        \/ counted'[n] = {n} /\ own'[n].level >= LocalLevel]_vars

\* What an honest node is counted with, it has seen.
NothingInvented ==
    \A n \in Deciders : \A m \in Honest :
        held[n][m].boot = boot[m] /\ up[m] => held[n][m].level <= own[m].level

\* A replayed, repeated or reordered deposit adds nothing: no evidence elevates twice, so none leads to a second act,
\* not even after a crash, however short the act was, or when a partition heals.
SpentOnce ==
    [][\A n \in Deciders : fresh'[n] \cap used[n] = {}]_vars

\* Nor does what was seen before an elevation and arrives after it: who is contained stays contained once.
NoneLate ==
    [][\A n \in Deciders : \A m \in counted'[n] \cap Honest :
        <<m, held'[n][m].boot, held'[n][m].level>> \notin seen[n]]_vars

\* Every act ends by the deadline that it was granted: nothing moves it, no crash holds it.
EndsByDeadline == \A n \in Deciders : left[n] > 0 => span[n] + left[n] <= Ttl

\* Nothing starts while the node is suspended.
NoActWhileSuspended == [][\A n \in Deciders : left'[n] > left[n] => ~halted[n]]_vars

\* Only an order newer than all before moves the switch: a repeated one does not.
SwitchIsNewest == \A n \in Deciders : halted[n] = (newest[n] % 2 = 1)

-----------------------------------------------------------------------------
(* Liveness: links are fair-lossy, processes come back, partitions heal.   *)

Delivery(n, m) == \E d \in sent : d.from = m /\ Connected(n, m) /\ Receive(n, d)
NewestOrder(n) == n \notin cut /\ Obey(n, issued)

Fairness ==
    /\ WF_vars(Tick) /\ WF_vars(Heal)
    /\ \A n \in Honest : WF_vars(Restart(n)) /\ WF_vars(Observe(n)) /\ SF_vars(SayAgain(n))
    /\ \A n \in Deciders : WF_vars(NewestOrder(n))
    /\ \A n \in Deciders : \A m \in Honest \ {n} : SF_vars(Delivery(n, m))

LiveNext ==
    \/ \E n \in Honest : Observe(n) \/ SayAgain(n) \/ Crash(n) \/ Restart(n)
    \/ \E n \in Deciders : (\E m \in Honest : Delivery(n, m)) \/ (\E d \in Lies : Receive(n, d)) \/ NewestOrder(n)
    \/ \E d \in sent : Lose(d)
    \/ \E n \in Honest : Partition({n})
    \/ Heal
    \/ Issue
    \/ Tick

LiveSpec == Init /\ [][LiveNext]_vars /\ Fairness

\* Given k honest witnesses, the subject is elevated sooner or later at every decider.
Elevates == Cardinality(Honest) >= K => \A n \in Deciders : <>elevated[n]

Reverts == \A n \in Deciders : left[n] > 0 ~> left[n] = 0

SuspendArrives == \A n \in Deciders : \A order \in 1..OrderMax : issued >= order ~> obeyed[n] >= order
=============================================================================
