// The messages of the transport layer, one definition each (wire/codec.h). Decoded messages are views into their
// packet.
#pragma once

#include <tuple>

#include "hawser/wire/codec.h"

namespace hawser::transport {

// RFC 4253 §11.1
struct Disconnect {
  static constexpr std::uint8_t number = 1;
  static constexpr const char* name = "SSH_MSG_DISCONNECT";
  std::uint32_t reason_code = 0;
  std::string_view description;
  std::string_view language_tag;
  static constexpr auto fields = std::tuple{wire::field("reason_code", &Disconnect::reason_code),
                                            wire::field("description", &Disconnect::description),
                                            wire::field("language_tag", &Disconnect::language_tag)};
};

// RFC 4253 §11.2
struct Ignore {
  static constexpr std::uint8_t number = 2;
  static constexpr const char* name = "SSH_MSG_IGNORE";
  Bytes data;
  static constexpr auto fields = std::tuple{wire::field("data", &Ignore::data)};
};

// RFC 4253 §11.4
struct Unimplemented {
  static constexpr std::uint8_t number = 3;
  static constexpr const char* name = "SSH_MSG_UNIMPLEMENTED";
  std::uint32_t packet_sequence_number = 0;
  static constexpr auto fields =
      std::tuple{wire::field("packet_sequence_number", &Unimplemented::packet_sequence_number)};
};

// RFC 4253 §11.3
struct Debug {
  static constexpr std::uint8_t number = 4;
  static constexpr const char* name = "SSH_MSG_DEBUG";
  bool always_display = false;
  std::string_view message;
  std::string_view language_tag;
  static constexpr auto fields =
      std::tuple{wire::field("always_display", &Debug::always_display), wire::field("message", &Debug::message),
                 wire::field("language_tag", &Debug::language_tag)};
};

// RFC 4253 §10
struct ServiceRequest {
  static constexpr std::uint8_t number = 5;
  static constexpr const char* name = "SSH_MSG_SERVICE_REQUEST";
  std::string_view service_name;
  static constexpr auto fields = std::tuple{wire::field("service_name", &ServiceRequest::service_name)};
};

struct ServiceAccept {
  static constexpr std::uint8_t number = 6;
  static constexpr const char* name = "SSH_MSG_SERVICE_ACCEPT";
  std::string_view service_name;
  static constexpr auto fields = std::tuple{wire::field("service_name", &ServiceAccept::service_name)};
};

// RFC 8308 §2.3: `nr_extensions` pairs of Extension fields follow.
struct ExtInfo {
  static constexpr std::uint8_t number = 7;
  static constexpr const char* name = "SSH_MSG_EXT_INFO";
  std::uint32_t nr_extensions = 0;
  wire::Rest extensions;
  static constexpr auto fields = std::tuple{wire::field("nr_extensions", &ExtInfo::nr_extensions),
                                            wire::field("extensions", &ExtInfo::extensions)};
};

struct Extension {
  std::string_view extension_name;
  Bytes extension_value;
  static constexpr auto fields = std::tuple{wire::field("extension_name", &Extension::extension_name),
                                            wire::field("extension_value", &Extension::extension_value)};
};

// RFC 4253 §7.1
struct KexInit {
  static constexpr std::uint8_t number = 20;
  static constexpr const char* name = "SSH_MSG_KEXINIT";
  std::array<std::uint8_t, 16> cookie{};
  wire::NameList kex_algorithms;
  wire::NameList server_host_key_algorithms;
  wire::NameList encryption_algorithms_client_to_server;
  wire::NameList encryption_algorithms_server_to_client;
  wire::NameList mac_algorithms_client_to_server;
  wire::NameList mac_algorithms_server_to_client;
  wire::NameList compression_algorithms_client_to_server;
  wire::NameList compression_algorithms_server_to_client;
  wire::NameList languages_client_to_server;
  wire::NameList languages_server_to_client;
  bool first_kex_packet_follows = false;
  std::uint32_t reserved = 0;
  static constexpr auto fields = std::tuple{
      wire::field("cookie", &KexInit::cookie),
      wire::field("kex_algorithms", &KexInit::kex_algorithms),
      wire::field("server_host_key_algorithms", &KexInit::server_host_key_algorithms),
      wire::field("encryption_algorithms_client_to_server", &KexInit::encryption_algorithms_client_to_server),
      wire::field("encryption_algorithms_server_to_client", &KexInit::encryption_algorithms_server_to_client),
      wire::field("mac_algorithms_client_to_server", &KexInit::mac_algorithms_client_to_server),
      wire::field("mac_algorithms_server_to_client", &KexInit::mac_algorithms_server_to_client),
      wire::field("compression_algorithms_client_to_server", &KexInit::compression_algorithms_client_to_server),
      wire::field("compression_algorithms_server_to_client", &KexInit::compression_algorithms_server_to_client),
      wire::field("languages_client_to_server", &KexInit::languages_client_to_server),
      wire::field("languages_server_to_client", &KexInit::languages_server_to_client),
      wire::field("first_kex_packet_follows", &KexInit::first_kex_packet_follows),
      wire::field("reserved", &KexInit::reserved)};
};

// RFC 4253 §7.3
struct NewKeys {
  static constexpr std::uint8_t number = 21;
  static constexpr const char* name = "SSH_MSG_NEWKEYS";
  static constexpr auto fields = std::tuple{};
};

// RFC 4253 §8: the modp groups. Numbers 30 to 49 belong to the negotiated method.
struct KexdhInit {
  static constexpr std::uint8_t number = 30;
  static constexpr const char* name = "SSH_MSG_KEXDH_INIT";
  wire::Mpint e;
  static constexpr auto fields = std::tuple{wire::field("e", &KexdhInit::e)};
};

struct KexdhReply {
  static constexpr std::uint8_t number = 31;
  static constexpr const char* name = "SSH_MSG_KEXDH_REPLY";
  Bytes host_key;
  wire::Mpint f;
  Bytes signature;
  static constexpr auto fields =
      std::tuple{wire::field("host_key", &KexdhReply::host_key), wire::field("f", &KexdhReply::f),
                 wire::field("signature", &KexdhReply::signature)};
};

// RFC 5656 §4, RFC 8731 §3.1: the curves.
struct KexEcdhInit {
  static constexpr std::uint8_t number = 30;
  static constexpr const char* name = "SSH_MSG_KEX_ECDH_INIT";
  Bytes q_c;
  static constexpr auto fields = std::tuple{wire::field("q_c", &KexEcdhInit::q_c)};
};

struct KexEcdhReply {
  static constexpr std::uint8_t number = 31;
  static constexpr const char* name = "SSH_MSG_KEX_ECDH_REPLY";
  Bytes host_key;
  Bytes q_s;
  Bytes signature;
  static constexpr auto fields =
      std::tuple{wire::field("host_key", &KexEcdhReply::host_key), wire::field("q_s", &KexEcdhReply::q_s),
                 wire::field("signature", &KexEcdhReply::signature)};
};

// RFC 4419 §3, §5: the group exchanges. 30 was the request of an older form, without limits.
struct KexDhGexRequest {
  static constexpr std::uint8_t number = 34;
  static constexpr std::uint8_t old_number = 30;
  static constexpr const char* name = "SSH_MSG_KEX_DH_GEX_REQUEST";
  std::uint32_t min = 0;  // sizes in bits
  std::uint32_t n = 0;
  std::uint32_t max = 0;
  static constexpr auto fields =
      std::tuple{wire::field("min", &KexDhGexRequest::min), wire::field("n", &KexDhGexRequest::n),
                 wire::field("max", &KexDhGexRequest::max)};
};

struct KexDhGexGroup {
  static constexpr std::uint8_t number = 31;
  static constexpr const char* name = "SSH_MSG_KEX_DH_GEX_GROUP";
  wire::Mpint p;
  wire::Mpint g;
  static constexpr auto fields = std::tuple{wire::field("p", &KexDhGexGroup::p), wire::field("g", &KexDhGexGroup::g)};
};

struct KexDhGexInit {
  static constexpr std::uint8_t number = 32;
  static constexpr const char* name = "SSH_MSG_KEX_DH_GEX_INIT";
  wire::Mpint e;
  static constexpr auto fields = std::tuple{wire::field("e", &KexDhGexInit::e)};
};

struct KexDhGexReply {
  static constexpr std::uint8_t number = 33;
  static constexpr const char* name = "SSH_MSG_KEX_DH_GEX_REPLY";
  Bytes host_key;
  wire::Mpint f;
  Bytes signature;
  static constexpr auto fields =
      std::tuple{wire::field("host_key", &KexDhGexReply::host_key), wire::field("f", &KexDhGexReply::f),
                 wire::field("signature", &KexDhGexReply::signature)};
};

// OpenSSH PROTOCOL §1.11
struct Ping {
  static constexpr std::uint8_t number = 192;
  static constexpr const char* name = "SSH2_MSG_PING";
  Bytes data;
  static constexpr auto fields = std::tuple{wire::field("data", &Ping::data)};
};

struct Pong {
  static constexpr std::uint8_t number = 193;
  static constexpr const char* name = "SSH2_MSG_PONG";
  Bytes data;
  static constexpr auto fields = std::tuple{wire::field("data", &Pong::data)};
};

// For generated tests, dumps and fuzzing. Methods share numbers, so each context has its own list.
using TransportMessages = std::tuple<Disconnect, Ignore, Unimplemented, Debug, ServiceRequest, ServiceAccept, ExtInfo,
                                     KexInit, NewKeys, Ping, Pong>;
using KexdhMessages = std::tuple<KexdhInit, KexdhReply>;
using KexEcdhMessages = std::tuple<KexEcdhInit, KexEcdhReply>;
using KexDhGexMessages = std::tuple<KexDhGexRequest, KexDhGexGroup, KexDhGexInit, KexDhGexReply>;

}  // namespace hawser::transport
