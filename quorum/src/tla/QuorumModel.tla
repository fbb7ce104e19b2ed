----------------------------- MODULE QuorumModel -----------------------------
(* What TLC needs beyond the specification, and wrong decisions that it    *)
(* must find: a configuration that says "MayStart <- StartsThoughHalted"   *)
(* checks the specification with that mistake in it.                       *)
EXTENDS Quorum, TLC

\* Nothing tells liars, or honest nodes that only witness, from one another. Not sound for liveness, so not used there.
Symmetry == Permutations(Liars) \cup Permutations(Honest \ Deciders)

\* All but counted and fresh, which say what the last step did and no step reads.
View == <<process, network, memory, kernel, ghosts>>

OneWitnessFewer == K - 1
Forgeries == [from : Nodes, boot : 1..BootMax, sequence : 1..SequenceMax, level : 1..LevelMax, age : {0}]
AdmitsAnything(n, d) == TRUE
NeverOvertaken(h, d) == FALSE
NothingSpent(h, d) == 0
NeverLate(n, d) == FALSE
CertifiesNothing(h) == Nothing
ForgetsElevations(n) == Life
StartsThoughHalted(n) == left[n] = 0
RenewsTheDeadline(n) == ~halted[n]
RemainingWhileUp(n) == IF left[n] > 0 /\ up[n] THEN left[n] - 1 ELSE left[n]
ObeysAnyOrder(n, order) == order # obeyed[n]
ForgetsOrders(n) == 0
NeverRepeats(n) == FALSE
=============================================================================
