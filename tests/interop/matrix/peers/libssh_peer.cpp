// libssh_peer client|server FOLDER LISTS [KEY]: see README.md. A server has room for one ECDSA key, which KEY names.
#include <libssh/libssh.h>
#include <libssh/server.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

// Names that the library does not know are dropped by it.
struct Lists {
  const char *kex, *host_key, *cipher, *mac, *compression;
};

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Free {
  void operator()(ssh_session session) const {
    ssh_disconnect(session);
    ssh_free(session);
  }
  void operator()(ssh_key key) const { ssh_key_free(key); }
  void operator()(ssh_message message) const { ssh_message_free(message); }
};
using Session = std::unique_ptr<ssh_session_struct, Free>;
using Key = std::unique_ptr<ssh_key_struct, Free>;
using Message = std::unique_ptr<ssh_message_struct, Free>;

void check(ssh_session session, int result, const std::string& what) {
  if (result != SSH_OK) throw std::runtime_error(what + ": " + ssh_get_error(session));
}

std::string cat(ssh_session session, const std::string& content) {
  const ssh_channel channel = ssh_channel_new(session);
  check(session, ssh_channel_open_session(channel), "channel");
  check(session, ssh_channel_request_exec(channel, "cat"), "exec");
  const int written = ssh_channel_write(channel, content.data(), static_cast<std::uint32_t>(content.size()));
  check(session, written == static_cast<int>(content.size()) ? SSH_OK : SSH_ERROR, "write");
  check(session, ssh_channel_send_eof(channel), "end of input");
  std::string back;
  char buffer[16384];
  int count = 0;
  while ((count = ssh_channel_read(channel, buffer, sizeof buffer, 0)) > 0) {
    back.append(buffer, static_cast<std::size_t>(count));
  }
  ssh_channel_free(channel);
  return back;
}

void log_in(int port, const std::string& key_file, const Lists& lists, const std::string& content) {
  const Session owner(ssh_new());
  const ssh_session session = owner.get();
  const auto set = [session](ssh_options_e option, const void* value) {
    check(session, ssh_options_set(session, option, value), "option " + std::to_string(option));
  };
  const bool use_no_files = false;
  set(SSH_OPTIONS_PROCESS_CONFIG, &use_no_files);
  set(SSH_OPTIONS_HOST, "127.0.0.1");
  set(SSH_OPTIONS_PORT, &port);
  set(SSH_OPTIONS_USER, "alice");
  set(SSH_OPTIONS_KEY_EXCHANGE, lists.kex);
  set(SSH_OPTIONS_HOSTKEYS, lists.host_key);
  set(SSH_OPTIONS_PUBLICKEY_ACCEPTED_TYPES, lists.host_key);
  set(SSH_OPTIONS_CIPHERS_C_S, lists.cipher);
  set(SSH_OPTIONS_CIPHERS_S_C, lists.cipher);
  set(SSH_OPTIONS_HMAC_C_S, lists.mac);
  set(SSH_OPTIONS_HMAC_S_C, lists.mac);
  set(SSH_OPTIONS_COMPRESSION_C_S, lists.compression);
  set(SSH_OPTIONS_COMPRESSION_S_C, lists.compression);
  check(session, ssh_connect(session), "connect");
  ssh_key key = nullptr;
  check(session, ssh_pki_import_privkey_file(key_file.c_str(), nullptr, nullptr, nullptr, &key), "key");
  const Key key_owner(key);
  check(session, ssh_userauth_publickey(session, nullptr, key) == SSH_AUTH_SUCCESS ? SSH_OK : SSH_ERROR, "publickey");
  if (cat(session, content) != content) throw std::runtime_error("other bytes came back");
}

int client(const std::string& folder, const Lists& lists) {
  const std::string content = read_file(folder + "/content");
  int port = 0;
  for (std::string key_file; std::cin >> port >> key_file;) {
    try {
      log_in(port, key_file, lists, content);
      std::cout << "result: ok" << std::endl;
    } catch (const std::runtime_error& error) {
      std::cout << "result: " << error.what() << std::endl;
    }
  }
  return 0;
}

// Whether the user of the request has one of the keys.
bool is_known(ssh_message message, const std::string& authorized_keys) {
  char* text = nullptr;
  if (ssh_pki_export_pubkey_base64(ssh_message_auth_pubkey(message), &text) != SSH_OK) return false;
  const bool known = authorized_keys.find(std::string(" ") + text + " ") != std::string::npos;
  ssh_string_free_char(text);
  return known && std::string(ssh_message_auth_user(message)) == "alice";
}

// Answers requests until a command is there to be run; null: the client has gone.
ssh_channel wait_for_command(ssh_session session, const std::string& authorized_keys) {
  ssh_channel channel = nullptr;
  while (const Message message{ssh_message_get(session)}) {
    const int type = ssh_message_type(message.get()), subtype = ssh_message_subtype(message.get());
    if (type == SSH_REQUEST_AUTH && subtype == SSH_AUTH_METHOD_PUBLICKEY && is_known(message.get(), authorized_keys)) {
      const auto state = ssh_message_auth_publickey_state(message.get());
      if (state == SSH_PUBLICKEY_STATE_NONE) ssh_message_auth_reply_pk_ok_simple(message.get());
      if (state == SSH_PUBLICKEY_STATE_VALID) ssh_message_auth_reply_success(message.get(), 0);
      if (state == SSH_PUBLICKEY_STATE_NONE || state == SSH_PUBLICKEY_STATE_VALID) continue;
    }
    if (type == SSH_REQUEST_AUTH) ssh_message_auth_set_methods(message.get(), SSH_AUTH_METHOD_PUBLICKEY);
    if (type == SSH_REQUEST_CHANNEL_OPEN && subtype == SSH_CHANNEL_SESSION) {
      channel = ssh_message_channel_request_open_reply_accept(message.get());
    } else if (type == SSH_REQUEST_CHANNEL && subtype == SSH_CHANNEL_REQUEST_EXEC) {
      ssh_message_channel_request_reply_success(message.get());
      return channel;
    } else {
      ssh_message_reply_default(message.get());
    }
  }
  return nullptr;
}

void serve(ssh_session session, const Lists& lists, const std::string& authorized_keys) {
  ssh_options_set(session, SSH_OPTIONS_COMPRESSION_C_S, lists.compression);
  ssh_options_set(session, SSH_OPTIONS_COMPRESSION_S_C, lists.compression);
  if (ssh_handle_key_exchange(session) != SSH_OK) return;
  const ssh_channel channel = wait_for_command(session, authorized_keys);
  if (channel == nullptr) return;
  char buffer[16384];
  int count = 0;
  while ((count = ssh_channel_read(channel, buffer, sizeof buffer, 0)) > 0) {
    ssh_channel_write(channel, buffer, static_cast<std::uint32_t>(count));
  }
  ssh_channel_request_send_exit_status(channel, 0);
  ssh_channel_send_eof(channel);
  ssh_channel_close(channel);
  // Until the client goes.
  while (const Message message{ssh_message_get(session)}) ssh_message_reply_default(message.get());
}

int server(const std::string& folder, const Lists& lists, const std::string& ecdsa_key) {
  const std::string authorized_keys = read_file(folder + "/authorized_keys");
  const ssh_bind listener = ssh_bind_new();
  const unsigned any_port = 0;
  ssh_bind_options_set(listener, SSH_BIND_OPTIONS_BINDADDR, "127.0.0.1");
  ssh_bind_options_set(listener, SSH_BIND_OPTIONS_BINDPORT, &any_port);
  for (const std::string& key : {std::string("host_ed25519"), std::string("host_rsa"), ecdsa_key}) {
    ssh_bind_options_set(listener, SSH_BIND_OPTIONS_HOSTKEY, (folder + "/" + key).c_str());
  }
  ssh_bind_options_set(listener, SSH_BIND_OPTIONS_KEY_EXCHANGE, lists.kex);
  ssh_bind_options_set(listener, SSH_BIND_OPTIONS_HOSTKEY_ALGORITHMS, lists.host_key);
  ssh_bind_options_set(listener, SSH_BIND_OPTIONS_PUBKEY_ACCEPTED_KEY_TYPES, lists.host_key);
  ssh_bind_options_set(listener, SSH_BIND_OPTIONS_CIPHERS_C_S, lists.cipher);
  ssh_bind_options_set(listener, SSH_BIND_OPTIONS_CIPHERS_S_C, lists.cipher);
  ssh_bind_options_set(listener, SSH_BIND_OPTIONS_HMAC_C_S, lists.mac);
  ssh_bind_options_set(listener, SSH_BIND_OPTIONS_HMAC_S_C, lists.mac);
  if (ssh_bind_listen(listener) != SSH_OK) {
    std::cout << ssh_get_error(listener) << std::endl;
    return 1;
  }
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(ssh_bind_get_fd(listener), reinterpret_cast<sockaddr*>(&address), &size);
  std::cout << "listening " << ntohs(address.sin_port) << std::endl;
  while (true) {
    const Session session(ssh_new());
    if (ssh_bind_accept(listener, session.get()) == SSH_OK) serve(session.get(), lists, authorized_keys);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv, argv + argc);
  if (arguments.size() < 8) return 2;
  const Lists lists{argv[3], argv[4], argv[5], argv[6], argv[7]};
  if (arguments[1] == "client") return client(arguments[2], lists);
  return arguments.size() == 9 ? server(arguments[2], lists, arguments[8]) : 2;
}
