/* SPDX-License-Identifier: (GPL-2.0-only OR BSD-2-Clause) */
/* What segments of TCP and chunks of SCTP mean for the conversation that they open, answer, complete or end. */
#ifndef HANDSHAKE_H
#define HANDSHAKE_H

#include "conversation.h"

static __always_inline void on_tcp_reset(struct packet *packet, struct finding *finding)
{
	__u64 hash = hash_key(&finding->key);
	bool from_responder = false;
	struct conversation *known = find(&conversations, hash, &finding->key, &from_responder);

	if (!known) {
		known = find(&established, hash, &finding->key, &from_responder);
		if (known)
			end(hash, packet, known, finding, from_responder);
	} else if (from_responder) {
		bool answers = packet->tcp_flags & TCP_ACK
				       ? packet->acknowledgment - known->initiator_sequence <= SEQUENCE_WINDOW
				       : known->state == STATE_ACCEPTED &&
						 packet->sequence - known->responder_sequence <= SEQUENCE_WINDOW;

		if (answers)
			conclude(hash, known, finding, CONVERSATION_REFUSED);
		else
			COUNT(unmatched_answers);
	} else if (packet->sequence - known->initiator_sequence <= SEQUENCE_WINDOW) {
		conclude(hash, known, finding, CONVERSATION_ABORTED);
	}
}

/* A SYN, or a packet without SYN and ACK, which no conversation holds (NULL, FIN and XMAS scans). */
static __always_inline void on_tcp_opening(struct packet *packet, struct finding *finding)
{
	__u64 hash = hash_key(&finding->key);
	bool from_responder = false;
	struct conversation *known = find(&conversations, hash, &finding->key, &from_responder);

	finding->quantity = packet->tcp_header_bytes;
	if (known && !from_responder && known->initiator_sequence == packet->sequence) {
		finding->kind = CONVERSATION_OPENED;
		finding->flags = CONVERSATION_REPEAT;
		return;
	}
	open_conversation(&conversations, hash, packet, finding, packet_now(packet));
}

static __always_inline void on_tcp_answer(struct packet *packet, struct finding *finding)
{
	bool from_responder = false;
	struct conversation *known = find(&conversations, hash_key(&finding->key), &finding->key, &from_responder);

	if (!known || !from_responder || packet->acknowledgment - known->initiator_sequence - 1 > SEQUENCE_WINDOW)
		COUNT(unmatched_answers);
	else if (known->state == STATE_OPENED)
		accept(packet, known, finding);
}

static __always_inline void on_tcp_acknowledgment(struct packet *packet, struct finding *finding)
{
	bool from_responder = false;
	struct conversation *known;
	__u64 hash;

	if (!(packet->tcp_flags & TCP_FIN) && !may_establish(packet))
		return;
	hash = hash_key(&finding->key);
	known = find(&conversations, hash, &finding->key, &from_responder);
	if (known) {
		if (known->state == STATE_ACCEPTED && !from_responder &&
		    packet->acknowledgment - known->responder_sequence - 1 <= SEQUENCE_WINDOW)
			establish(hash, known, finding);
		return;
	}
	if (!(packet->tcp_flags & TCP_FIN))
		return;
	known = find(&established, hash, &finding->key, &from_responder);
	if (known)
		end(hash, packet, known, finding, from_responder);
}

/* Whether the segment's conversation is held, and it does not repeat the opening. */
static __always_inline bool is_held(const struct packet *packet, const struct conversation_key *outward)
{
	__u64 hash = hash_key(outward);
	bool from_responder = false;
	struct conversation *known = find(&conversations, hash, outward, &from_responder);

	if (known)
		return from_responder || known->initiator_sequence != packet->sequence;
	return find(&established, hash, outward, &from_responder);
}

/* A first fragment that ends before the flags opens what nobody holds; of what is held it tells nothing. */
static __always_inline void on_tcp(struct packet *packet, struct finding *finding)
{
	if (lacks_flags(packet) && is_held(packet, &finding->key))
		return;
	if (packet->tcp_flags & TCP_RST)
		on_tcp_reset(packet, finding);
	else if (!(packet->tcp_flags & TCP_ACK))
		on_tcp_opening(packet, finding);
	else if (packet->tcp_flags & TCP_SYN)
		on_tcp_answer(packet, finding);
	else
		on_tcp_acknowledgment(packet, finding);
}

/* RFC 9260: every packet quotes the receiver's tag, so that nobody on the side can end an association. */
static __always_inline void on_sctp_end(struct packet *packet, struct finding *finding, bool is_abort)
{
	__u64 hash = hash_key(&finding->key);
	bool from_responder = false;
	struct conversation *known = is_abort ? find(&conversations, hash, &finding->key, &from_responder) : NULL;
	bool pending = known;

	if (!known)
		known = find(&established, hash, &finding->key, &from_responder);
	if (!known)
		return;
	if (packet->acknowledgment != (from_responder ? known->initiator_sequence : known->responder_sequence)) {
		COUNT(unmatched_answers);
		return;
	}
	if (pending)
		conclude(hash, known, finding, from_responder ? CONVERSATION_REFUSED : CONVERSATION_ABORTED);
	else
		end(hash, packet, known, finding, from_responder);
}

static __always_inline void on_sctp_handshake(struct packet *packet, struct finding *finding)
{
	__u64 hash = hash_key(&finding->key);
	bool from_responder = false;
	struct conversation *known = find(&conversations, hash, &finding->key, &from_responder);

	if (packet->type == SCTP_INIT_ACK) {
		if (!known || !from_responder || packet->acknowledgment != known->initiator_sequence)
			COUNT(unmatched_answers);
		else if (known->state == STATE_OPENED)
			accept(packet, known, finding);
	} else if (known && !from_responder && known->state == STATE_ACCEPTED &&
		   packet->acknowledgment == known->responder_sequence) {
		establish(hash, known, finding);
	}
}

static __always_inline void on_sctp(struct packet *packet, struct finding *finding)
{
	switch (packet->type) {
	case SCTP_INIT:
		on_tcp_opening(packet, finding);
		break;
	case SCTP_INIT_ACK:
	case SCTP_COOKIE_ECHO:
		on_sctp_handshake(packet, finding);
		break;
	case SCTP_ABORT:
	case SCTP_SHUTDOWN:
		on_sctp_end(packet, finding, packet->type == SCTP_ABORT);
		break;
	default:
		break;
	}
}

#endif
