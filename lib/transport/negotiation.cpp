#include "transport/negotiation.h"

#include "hawser/wire/dump.h"

namespace hawser::transport {
namespace {

using wire::NameList;

// Everything that a failure text needs to know about one category.
struct Category {
  const char* name;
  Errc failure;
  bool (*is_known)(std::string_view);
};

constexpr Category kex{"key exchange", Errc::no_common_kex,
                       [](std::string_view n) { return crypto::find_kex(n) != nullptr; }};
constexpr Category host_key{"host key", Errc::no_common_host_key,
                            [](std::string_view n) { return crypto::find_signature(n) != nullptr; }};
constexpr Category cipher{"cipher", Errc::no_common_cipher,
                          [](std::string_view n) { return crypto::find_cipher(n) != nullptr; }};
constexpr Category mac{"MAC", Errc::no_common_mac, [](std::string_view n) { return crypto::find_mac(n) != nullptr; }};
constexpr Category compression{"compression", Errc::no_common_compression,
                               [](std::string_view n) { return crypto::find_compression(n) != nullptr; }};

// The first name of the client's that the server has too. Names that no row knows are no candidates: an announcement
// such as "ext-info-c", echoed by the other side, must not become a choice (RFC 8308 §2.2).
std::string_view choose(const Category& category, NameList client, NameList server) {
  for (const std::string_view name : client) {
    if (category.is_known(name) && server.contains(name)) return name;
  }
  return {};
}

std::string nearest_fix(const Category& category, NameList own, NameList peer) {
  for (const std::string_view name : peer) {
    if (category.is_known(name) && !own.contains(name)) return "allow \"" + std::string(name) + "\" on this side";
  }
  for (const std::string_view name : own) {
    if (category.is_known(name)) return "enable \"" + std::string(name) + "\" on the peer";
  }
  return "this side offers nothing: configure an algorithm or a key";
}

Error failure(const Category& category, const char* direction, NameList own, NameList peer, std::string& detail) {
  constexpr std::size_t longest_list = 1024;
  detail = std::string("no common ") + category.name + " algorithm";
  if (*direction != '\0') detail += std::string(" ") + direction;
  detail += ": this side offers [" + std::string(own.text()) + "], the peer offers [";
  detail += wire::escaped(peer.text(), longest_list) + "]; " + nearest_fix(category, own, peer);
  return Error(category.failure, "KEXINIT");
}

class Negotiation {
 public:
  Negotiation(const KexInit& client, const KexInit& server, Role own_role, std::string& detail)
      : client_(client), server_(server), own_role_(own_role), detail_(detail) {}

  Result<Algorithms> run() {
    Algorithms result;
    Result<std::string_view> name = agree(kex, "", &KexInit::kex_algorithms);
    if (!name) return name.error();
    result.kex = crypto::find_kex(*name);
    name = agree(host_key, "", &KexInit::server_host_key_algorithms);
    if (!name) return name.error();
    result.host_key = crypto::find_signature(*name);

    Result<Algorithms::Direction> direction =
        agree_direction("client to server", &KexInit::encryption_algorithms_client_to_server,
                        &KexInit::mac_algorithms_client_to_server, &KexInit::compression_algorithms_client_to_server);
    if (!direction) return direction.error();
    result.client_to_server = std::move(*direction);
    direction =
        agree_direction("server to client", &KexInit::encryption_algorithms_server_to_client,
                        &KexInit::mac_algorithms_server_to_client, &KexInit::compression_algorithms_server_to_client);
    if (!direction) return direction.error();
    result.server_to_client = std::move(*direction);
    return result;
  }

 private:
  using List = NameList KexInit::*;

  Result<Algorithms::Direction> agree_direction(const char* text, List ciphers, List macs, List compressions) {
    Algorithms::Direction direction;
    Result<std::string_view> name = agree(cipher, text, ciphers);
    if (!name) return name.error();
    direction.cipher = crypto::find_cipher(*name);
    // RFC 5647 §5.1, PROTOCOL.chacha20poly1305: a cipher with a tag of its own takes no MAC, whatever the lists say.
    if (direction.cipher->tag_size == 0) {
      name = agree(mac, text, macs);
      if (!name) return name.error();
      direction.mac = crypto::find_mac(*name);
    }
    name = agree(compression, text, compressions);
    if (!name) return name.error();
    direction.compression = crypto::find_compression(*name);
    return direction;
  }

  Result<std::string_view> agree(const Category& category, const char* direction, List list) {
    const std::string_view name = choose(category, client_.*list, server_.*list);
    if (!name.empty()) return name;
    const bool client = own_role_ == Role::client;
    return failure(category, direction, (client ? client_ : server_).*list, (client ? server_ : client_).*list,
                   detail_);
  }

  const KexInit& client_;
  const KexInit& server_;
  Role own_role_;
  std::string& detail_;
};

std::string_view first_of(NameList list) { return list.empty() ? std::string_view() : *list.begin(); }

}  // namespace

Result<Algorithms> negotiate(const KexInit& client, const KexInit& server, Role own_role, std::string& failure_detail) {
  return Negotiation(client, server, own_role, failure_detail).run();
}

bool guess_is_right(const KexInit& client, const KexInit& server) {
  return first_of(client.kex_algorithms) == first_of(server.kex_algorithms) &&
         first_of(client.server_host_key_algorithms) == first_of(server.server_host_key_algorithms);
}

}  // namespace hawser::transport
