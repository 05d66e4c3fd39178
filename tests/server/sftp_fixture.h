// An SFTPServer over a channel in memory, with a temporary directory behind it, and a client that speaks messages: each
// test sends requests as the draft has them and looks at the replies, and at the directory.
#pragma once

#include <doctest/doctest.h>

#include <asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "hawser/server/local_file_system.h"
#include "hawser/server/sftp_server.h"
#include "hawser/sftp/messages.h"
#include "support/memory_channel.h"

namespace hawser::test {

using sftp::StatusCode;

// A whole reply, its length cut off.
struct RawReply {
  ByteVector message;
  std::uint8_t type() const { return message.at(0); }
  std::uint32_t id() const { return wire::load_uint32(&message.at(1)); }
};

struct ListedName {
  std::string longname;
  sftp::Attributes attributes;
};

// Attributes with one thing set.
inline sftp::Attributes permissions(std::uint32_t mode) {
  sftp::Attributes out;
  out.permissions = mode;
  return out;
}
inline sftp::Attributes size(std::uint64_t bytes) {
  sftp::Attributes out;
  out.size = bytes;
  return out;
}
inline sftp::Attributes times(std::uint32_t atime, std::uint32_t mtime) {
  sftp::Attributes out;
  out.times = {atime, mtime};
  return out;
}
inline sftp::Attributes owner(std::uint32_t uid, std::uint32_t gid) {
  sftp::Attributes out;
  out.owner = {uid, gid};
  return out;
}

// What the calling thread does with files meanwhile, it does as a user without special rights. Nothing where it has
// none anyway.
class AsOrdinaryUser {
 public:
  AsOrdinaryUser();
  ~AsOrdinaryUser();
};

class SftpFixture {
 public:
  SftpFixture();
  ~SftpFixture();

  // Before the first message.
  server::SFTPServerOptions options;
  std::shared_ptr<server::FileSystem> files;

  // Starts the server, unless it runs, and exchanges INIT and VERSION.
  void start();
  // Without INIT.
  void start_silently();

  // Sends a request under a new id and gives its reply, which must be the only one.
  template <wire::HasFields M>
  RawReply ask(M message) {
    start();
    message.id = next_id_++;
    send(message);
    RawReply reply = next_reply();
    CHECK(reply.id() == message.id);
    return reply;
  }
  template <class Body>
  RawReply ask_extended(Body body) {
    return ask(sftp::ExtendedRequest<Body>{.body = body});
  }

  // The same, where the reply must be of one kind.
  template <wire::HasFields M>
  StatusCode status(M message) {
    return status_of(ask(message));
  }
  template <class Body>
  StatusCode status_extended(Body body) {
    return status_of(ask_extended(body));
  }
  StatusCode status_of(const RawReply& reply);
  std::string open(std::string_view path, std::uint32_t pflags, sftp::Attributes attributes = {});
  StatusCode open_status(std::string_view path, std::uint32_t pflags, sftp::Attributes attributes = {});
  std::string opendir(std::string_view path);
  StatusCode close(std::string_view handle);
  // nullopt: EOF
  std::optional<std::string> read(std::string_view handle, std::uint64_t offset, std::uint32_t length);
  StatusCode read_status(std::string_view handle, std::uint64_t offset, std::uint32_t length);
  StatusCode write(std::string_view handle, std::uint64_t offset, std::string_view data);
  template <wire::HasFields M>
  sftp::Attributes attributes(M message) {
    return attributes_of(ask(message));
  }
  sftp::Attributes attributes_of(const RawReply& reply);
  std::string name(const RawReply& reply);  // the only one
  // One READDIR; nullopt: EOF
  std::optional<std::vector<std::pair<std::string, ListedName>>> readdir(std::string_view handle);
  std::map<std::string, ListedName> list(std::string_view path);

  // Without waiting for replies.
  template <wire::HasFields M>
  void send(const M& message) {
    ByteVector framed;
    wire::append_string(framed, wire::encode(message));
    send_bytes(framed);
  }
  void send_bytes(Bytes bytes) { server_end_->deliver(bytes); }
  RawReply next_reply();
  void run_ready() { io_.restart(), io_.poll(); }
  bool has_reply();
  // The client's EOF; gives how the server ended.
  Result<void> finish();
  std::optional<Result<void>> ended() const { return ended_; }
  MemoryChannel& server_end() { return *server_end_; }
  server::SFTPServer& server() { return *server_; }
  // Must be called before anything is sent.
  void use(std::function<std::unique_ptr<server::SFTPServer>(std::shared_ptr<net::ByteChannel>)> make) { make_ = make; }
  asio::io_context& io() { return io_; }

  // The directory behind the server.
  std::string local(std::string_view name) const { return root_ + "/" + std::string(name); }
  void put(std::string_view name, std::string_view contents, std::uint32_t mode = 0644);
  std::string get(std::string_view name) const;
  bool exists(std::string_view name) const;  // the name itself, whatever it points to
  std::uint32_t mode(std::string_view name) const;
  void make_directory(std::string_view name, std::uint32_t mode = 0755);
  void link(std::string_view target, std::string_view name);

 private:
  asio::io_context io_;
  std::string root_;
  std::shared_ptr<MemoryChannel> client_end_, server_end_;
  std::function<std::unique_ptr<server::SFTPServer>(std::shared_ptr<net::ByteChannel>)> make_;
  std::unique_ptr<server::SFTPServer> server_;
  std::optional<Result<void>> ended_;
  ByteVector received_;
  std::uint32_t next_id_ = 100;
  bool initialised_ = false;
};

}  // namespace hawser::test
