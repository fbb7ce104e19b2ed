/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* The two ends of a conversation, and the numbers under which tables know them. */
#ifndef CONVERSATION_KEY_H
#define CONVERSATION_KEY_H

#include "packet.h"
#include "settings.h"

#define HASH_MULTIPLIER 0x9e3779b97f4a7c15ULL

struct conversation_key {
	struct address initiator;
	struct address responder;
	__u16 initiator_port;
	__u16 responder_port;
	__u8 protocol;
	__u8 padding[3];
};
_Static_assert(sizeof(struct conversation_key) == 40, "compared word by word");

/* The sender of the packet as initiator. */
static __always_inline void key_outward(struct conversation_key *key, const struct packet *packet)
{
	key->initiator = packet->source;
	key->responder = packet->destination;
	key->initiator_port = packet->source_port;
	key->responder_port = packet->destination_port;
	key->protocol = packet->protocol;
}

/* The receiver of the packet as initiator. */
static __always_inline void key_back(struct conversation_key *key, const struct packet *packet)
{
	key->initiator = packet->destination;
	key->responder = packet->source;
	key->initiator_port = packet->destination_port;
	key->responder_port = packet->source_port;
	key->protocol = packet->protocol;
}

static __always_inline bool same_key(const struct conversation_key *a, const struct conversation_key *b)
{
	return same_address(&a->initiator, &b->initiator) && same_address(&a->responder, &b->responder) &&
	       a->initiator_port == b->initiator_port && a->responder_port == b->responder_port &&
	       a->protocol == b->protocol;
}

/* Mixes as the finalizer of MurmurHash3 does. */
static __always_inline __u64 mix(__u64 value)
{
	value ^= value >> 33;
	value *= 0xff51afd7ed558ccdULL;
	value ^= value >> 33;
	value *= 0xc4ceb9fe1a85ec53ULL;
	return value ^ value >> 33;
}

static __always_inline __u64 hash_address(const struct address *address)
{
	__u64 hash = (address->high ^ settings.probe_nonce[1]) * HASH_MULTIPLIER;

	hash = (hash ^ hash >> 32 ^ address->low ^ settings.probe_nonce[0]) * 0xd6e8feb86659fd93ULL;
	return hash ^ hash >> 32;
}

static __always_inline __u64 hash_end(const struct address *address, __u16 port, __u8 protocol)
{
	__u64 hash = (hash_address(address) + (port | (__u64)protocol << 16) * HASH_MULTIPLIER) * 0xd6e8feb86659fd93ULL;

	return hash ^ hash >> 29;
}

/*
 * Tables are keyed by 64 bits made with a secret of this load, one number for both directions, and keep the ends
 * themselves in the value, where they are compared: a key of 40 bytes costs twice the time. Two conversations under one
 * number push each other out, and nobody who does not know the secret can bring that about.
 */
static __always_inline __u64 hash_key(const struct conversation_key *key)
{
	return hash_end(&key->initiator, key->initiator_port, key->protocol) +
	       hash_end(&key->responder, key->responder_port, key->protocol);
}

#endif
