/**
 * What can be believed: Ed25519 keys and signatures, documents read strictly and hashed in canonical form, the roster
 * of nodes and operators. Owns BouncyCastle, the YAML reader and the JSON canonicaliser.
 * <p>
 * No thread and no clock. Files are read once at start; private keys never leave the object that loaded them. Nothing
 * here may log key material or accept a document that it does not understand whole.
 */
package io.aswarm.trust;
