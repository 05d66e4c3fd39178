// Fixed limits of the wire formats, with their sources. Limits that a user may set are options of the layer they belong
// to, and take their defaults from here.
#pragma once

#include <cstddef>
#include <cstdint>

namespace hawser::limits {

inline constexpr std::size_t identification_size = 255;            // RFC 4253 §4.2, CR LF included
inline constexpr std::size_t pre_identification_lines = 50;        // ours; RFC 4253 §4.2 sets none
inline constexpr std::size_t pre_identification_line_size = 1024;  // ours; RFC 4253 §4.2 sets none
inline constexpr std::size_t messages_in_key_exchange = 256;       // ours: IGNORE, DEBUG and the like in one exchange
inline constexpr std::size_t minimum_packet_size = 16;             // RFC 4253 §6
inline constexpr std::size_t minimum_padding = 4;                  // RFC 4253 §6
inline constexpr std::size_t maximum_padding = 255;                // RFC 4253 §6
inline constexpr std::size_t packet_length = 256 * 1024;           // ours, as OpenSSH; RFC 4253 §6.1: 35,000 at least
inline constexpr std::size_t smallest_group = 2048;                // RFC 8270 §3, bits of a group exchange's prime
inline constexpr std::size_t largest_group = 8192;                 // RFC 4419 §3
inline constexpr std::size_t small_payload = 2 * 1024;   // below this a waiting payload is copied out of its slab
inline constexpr std::size_t sftp_message = 256 * 1024;  // OpenSSH SFTP_MAX_MSG_LENGTH
inline constexpr std::size_t sftp_handle = 256;          // filexfer-02 §6.2
inline constexpr std::size_t name = 64;                  // RFC 4251 §6, of one name in a name-list
inline constexpr std::size_t server_sig_algs = 64;       // ours, of the names of an EXT_INFO (RFC 8308 §3.1)
inline constexpr std::size_t user_name = 1024;           // ours, of an authentication request
inline constexpr std::size_t path = 4096;                // Linux PATH_MAX

}  // namespace hawser::limits
