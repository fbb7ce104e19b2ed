/**
 * What can be believed: identities and their signatures, session keys and sealed datagrams, documents read strictly and
 * hashed in canonical form, the roster of nodes and operators, their orders. Owns BouncyCastle, PKCS#11, the YAML
 * reader and the JSON canonicaliser.
 * <p>
 * No thread, no clock, no network: time is an argument, messages are bytes in and out. Private keys never leave the
 * object that loaded them. Nothing here may log key material or accept a document that it does not understand whole.
 */
package io.aswarm.trust;
