/**
 * Proof: Action Certificates are made from findings and deeds, signed, chained, appended to a Chronicle Queue, read
 * back, verified and exported. Owns Chronicle Queue.
 * <p>
 * One thread owns a {@link io.aswarm.journal.Journal} and its agent; everything reaches it through a bounded queue.
 * Readers are separate, hold no lock and map nothing. Nothing here may delay an act, claim an effect that nobody
 * measured, or acknowledge a certificate before it was forced to the disk.
 */
package io.aswarm.journal;
