// Messages that are almost right: one field of a real one changed, or a new one made up. By the messages' own
// definitions (wire/codec.h), so that a new message is known here as soon as it is in its layer's list.
#pragma once

#include <optional>

#include "choices.h"

namespace hawser::fuzz {

// A packet's payload, of any message of transport, authentication and channels. nullopt where it is none of them.
std::optional<ByteVector> mutate_packet(Bytes packet, Choices& choices);
ByteVector make_packet(Choices& choices);

// An SFTP message, its length not included.
std::optional<ByteVector> mutate_sftp_message(Bytes message, Choices& choices);
ByteVector make_sftp_message(Choices& choices);
// SFTP messages with their lengths, the last one perhaps unfinished: changes one of them.
std::optional<ByteVector> mutate_sftp_stream(Bytes stream, Choices& choices);

// What follows a name inside a message: the fields of an authentication method, a channel type, a request.
std::optional<ByteVector> mutate_part(Bytes part, Choices& choices);

// Whichever of these it is.
std::optional<ByteVector> mutate_any_message(Bytes message, Choices& choices);

// Where nothing is known about the bytes.
ByteVector changed_content(Bytes old, Choices& choices);

}  // namespace hawser::fuzz
