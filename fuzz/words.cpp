#include "words.h"

#include "hawser/auth/messages.h"
#include "hawser/auth/method_messages.h"
#include "hawser/channel/request_bodies.h"
#include "hawser/crypto/algorithms.h"
#include "hawser/sftp/extensions.h"
#include "transport/kex_proposal.h"

namespace hawser::fuzz {

namespace {

template <class Rows>
void add_rows(std::vector<std::string>& out, const Rows& rows) {
  for (const auto& row : rows) out.emplace_back(row.name);
}

// A message body that has a type, by which peers call for it.
template <class Body>
void add_type(std::vector<std::string>& out) {
  if constexpr (requires { Body::type; }) out.emplace_back(Body::type);
}
template <class... Bodies>
void add_types(std::vector<std::string>& out, std::tuple<Bodies...>*) {
  (add_type<Bodies>(out), ...);
}
template <class List>
void add_types(std::vector<std::string>& out) {
  add_types(out, static_cast<List*>(nullptr));
}

Words make() {
  Words words;
  add_rows(words.algorithms, crypto::kex_rows());
  add_rows(words.algorithms, crypto::signature_rows());
  add_rows(words.algorithms, crypto::cipher_rows());
  add_rows(words.algorithms, crypto::mac_rows());
  add_rows(words.algorithms, crypto::compression_rows());
  for (const std::string_view name :
       {transport::marker::ext_info_client, transport::marker::strict_client, transport::marker::strict_server}) {
    words.algorithms.emplace_back(name);
  }
  for (const char* name : {"server-sig-algs", "publickey-hostbound@openssh.com", "ping@openssh.com", "ext-info-s"}) {
    words.algorithms.emplace_back(name);
  }
  for (const auth::Method method : auth::all_methods) words.userauth.emplace_back(auth::method_name(method));
  for (const std::string_view name :
       {auth::userauth_service, auth::connection_service, auth::publickey_hostbound_name}) {
    words.userauth.emplace_back(name);
  }
  add_types<channel::ChannelOpenBodies>(words.channel);
  add_types<channel::ChannelRequestBodies>(words.channel);
  add_types<channel::GlobalRequestBodies>(words.channel);
  for (const char* name :
       {"sftp", "keepalive@openssh.com", "hostkeys-00@openssh.com", "hostkeys-prove-00@openssh.com", "TERM", "KILL"}) {
    words.channel.emplace_back(name);
  }
  add_rows(words.sftp, sftp::extension_table);
  for (const char* path : {"/", ".", "..", "/file", "/directory", "/link", "/directory/../file"}) {
    words.sftp.emplace_back(path);
  }
  for (const auto* group : {&words.algorithms, &words.userauth, &words.channel, &words.sftp}) {
    words.all.insert(words.all.end(), group->begin(), group->end());
  }
  return words;
}

}  // namespace

const Words& words() {
  static const Words* const words = new Words(make());
  return *words;
}

}  // namespace hawser::fuzz
