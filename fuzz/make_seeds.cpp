// Writes the corpora's first inputs: what good sessions say, message by message.
//
//   make_seeds fuzz/corpus
//
// Each target's own good run is written as `good_…`; what fuzzing finds is merged beside it (fuzz/run).
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>

#include "hawser/auth/request_fields.h"
#include "hawser/channel/messages.h"
#include "hawser/channel/request_bodies.h"
#include "hawser/crypto/keys.h"
#include "hawser/sftp/encode.h"
#include "hawser/sftp/handle_table.h"
#include "hawser/transport/messages.h"
#include "support/fixed_random.h"

using namespace hawser;

namespace {

class Seed {
 public:
  explicit Seed(std::initializer_list<std::uint8_t> start = {}) : bytes_(start) {}

  // As Input::packet reads it.
  Seed& packet(Bytes payload) {
    bytes_.push_back(static_cast<std::uint8_t>(payload.size() >> 8));
    bytes_.push_back(static_cast<std::uint8_t>(payload.size()));
    return raw(payload);
  }
  template <wire::HasFields M>
  Seed& message(const M& message) {
    return packet(wire::encode(message));
  }
  // A step of a target that takes them, with its packet.
  template <wire::HasFields M>
  Seed& step(std::initializer_list<std::uint8_t> head, const M& message) {
    return raw(ByteVector(head)).packet(wire::encode(message));
  }
  template <wire::HasFields M>
  Seed& sftp(const M& message) {
    ByteVector framed(sftp::framed_size(message));
    sftp::encode_framed(message, framed);
    return raw(framed);
  }
  Seed& raw(Bytes bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    return *this;
  }
  const ByteVector& bytes() const { return bytes_; }

 private:
  ByteVector bytes_;
};

template <class Fields>
auth::UserauthRequest userauth_request(std::string_view method, const Fields& fields, ByteVector& room) {
  room = wire::encode(fields);
  return {"user", auth::connection_service, method, wire::Rest{room}};
}
ByteVector password_request(std::string_view password) {
  ByteVector room;
  return wire::encode(userauth_request("password", auth::PasswordFields{false, password}, room));
}
ByteVector keyboard_request() {
  ByteVector room;
  return wire::encode(userauth_request("keyboard-interactive", auth::KeyboardInteractiveFields{}, room));
}
ByteVector info_response() {
  ByteVector responses;
  for (const char* text : {"secret", "token"}) {
    const ByteVector response = wire::encode(auth::ResponseFields{text});
    responses.insert(responses.end(), response.begin(), response.end());
  }
  return wire::encode(auth::UserauthInfoResponse{2, wire::Rest{responses}});
}
ByteVector key_query() {
  test::FixedRandom random(3);
  const crypto::PrivateKey key = *crypto::PrivateKey::generate(crypto::KeyType::ed25519, random);
  ByteVector room;
  const auth::PublicKeyQueryFields fields{false, "ssh-ed25519", key.public_key().blob()};
  return wire::encode(userauth_request("publickey", fields, room));
}

channel::ChannelRequest channel_request(std::uint32_t id, std::string_view type, Bytes specific) {
  return {id, type, true, wire::Rest{specific}};
}

// Every request once, on a file system that is empty at first.
Seed& all_sftp_requests(Seed& seed) {
  const sftp::HandleId file(0, 1), directory(0, 2);
  sftp::Attributes attributes;
  attributes.permissions = 0600;
  attributes.times = sftp::FileTimes{1, 2};
  constexpr std::uint32_t flags = sftp::open_flags::read | sftp::open_flags::write | sftp::open_flags::create;
  seed.sftp(sftp::Init{}).sftp(sftp::ExtendedRequest<sftp::LimitsRequest>{1});
  seed.sftp(sftp::Open{2, "/file", flags, attributes}).sftp(sftp::Write{3, file, 0, as_bytes("some data")});
  seed.sftp(sftp::Read{4, file, 0, 100}).sftp(sftp::Fstat{5, file}).sftp(sftp::Fsetstat{6, file, attributes});
  seed.sftp(sftp::ExtendedRequest<sftp::Fsync>{.id = 7, .body = {file}});
  seed.sftp(sftp::ExtendedRequest<sftp::Fstatvfs>{.id = 8, .body = {file}}).sftp(sftp::Close{9, file});
  seed.sftp(sftp::Mkdir{10, "/directory", {}}).sftp(sftp::Symlink{11, "file", "/link"});
  seed.sftp(sftp::Readlink{12, "/link"}).sftp(sftp::Lstat{13, "/link"}).sftp(sftp::Stat{14, "/link"});
  seed.sftp(sftp::Setstat{15, "/file", attributes}).sftp(sftp::Realpath{16, "directory/.."});
  seed.sftp(sftp::ExtendedRequest<sftp::Hardlink>{.id = 17, .body = {"/file", "/other"}});
  seed.sftp(sftp::ExtendedRequest<sftp::PosixRename>{.id = 18, .body = {"/other", "/directory/file"}});
  seed.sftp(sftp::ExtendedRequest<sftp::Lsetstat>{.id = 19, .body = {"/link", attributes}});
  seed.sftp(sftp::ExtendedRequest<sftp::Statvfs>{.id = 20, .body = {"/"}});
  seed.sftp(sftp::ExtendedRequest<sftp::ExpandPath>{.id = 21, .body = {"~/file"}});
  seed.sftp(sftp::Opendir{22, "/"}).sftp(sftp::Readdir{23, directory}).sftp(sftp::Readdir{24, directory});
  seed.sftp(sftp::Close{25, directory}).sftp(sftp::Rename{26, "/link", "/moved"}).sftp(sftp::Remove{27, "/moved"});
  return seed.sftp(sftp::Remove{28, "/directory/file"}).sftp(sftp::Rmdir{29, "/directory"});
}

Seed& all_sftp_replies(Seed& seed) {
  const ByteVector entries = wire::encode(sftp::NameEntry{"name", "-rw-r--r-- name", {}});
  seed.sftp(sftp::Version{}).sftp(sftp::Attrs{0, {}}).sftp(sftp::Data{1, as_bytes("what is read")});
  seed.sftp(sftp::Status{2, 2, "No such file", ""}).sftp(sftp::Status{3, 1, "", ""});
  return seed.sftp(sftp::Name{4, sftp::NameEntries(entries, 1)}).sftp(sftp::Handle{5, std::string_view("handle")});
}

Seed signed_in(std::uint8_t choice) {
  Seed seed{choice};
  seed.message(transport::ServiceRequest{auth::userauth_service}).packet(key_query());
  return seed.packet(password_request("secret"));
}

Seed sftp_session(std::uint8_t choice) {
  Seed seed = signed_in(choice);
  const ByteVector name = wire::encode(channel::SubsystemRequest{"sftp"});
  seed.message(channel::ChannelOpen{"session", 0, 1 << 20, 1 << 15, {}}).message(channel_request(0, "subsystem", name));
  Seed stream;
  all_sftp_requests(stream);
  seed.message(channel::ChannelData{0, stream.bytes()});
  return seed.message(channel::ChannelEof{0}).message(channel::ChannelClose{0});
}

Seed exec_session() {
  Seed seed{0};
  seed.message(transport::ServiceRequest{auth::userauth_service}).packet(keyboard_request()).packet(info_response());
  seed.message(channel::GlobalRequest{"keepalive@openssh.com", true, {}});
  seed.message(channel::ChannelOpen{"session", 5, 1 << 20, 1 << 15, {}});
  const ByteVector terminal = wire::encode(channel::PtyRequest{"xterm", 80, 24, 0, 0, {}});
  const ByteVector variable = wire::encode(channel::EnvRequest{"LANG", "C"});
  const ByteVector command = wire::encode(channel::ExecRequest{"command"});
  const ByteVector size = wire::encode(channel::WindowChange{100, 50, 0, 0});
  const ByteVector kill = wire::encode(channel::Signal{"TERM"});
  seed.message(channel_request(0, "pty-req", terminal)).message(channel_request(0, "env", variable));
  seed.message(channel_request(0, "exec", command)).message(channel_request(0, "window-change", size));
  seed.message(channel_request(0, "signal", kill)).message(channel::ChannelData{0, as_bytes("input")});
  seed.message(channel::ChannelWindowAdjust{0, 1000}).message(channel::ChannelEof{0});
  return seed.message(channel::ChannelClose{0});
}

Seed multiplexer_run() {
  Seed seed;
  seed.step({40, 0}, channel::ChannelOpen{"session", 3, 1 << 16, 1 << 15, {}});
  seed.step({41, 0}, channel::ChannelOpen{"session", 4, 1 << 16, 1 << 15, {}});
  const std::uint8_t open_ours[] = {0, 0};
  seed.raw(open_ours).step({40, 0}, channel::ChannelOpenConfirmation{2, 9, 1 << 16, 1 << 15, {}});
  const std::uint8_t write_and_ask[] = {8, 2, 16, 2};
  seed.raw(write_and_ask).step({40, 0}, channel::ChannelSuccess{2}).step({40, 0}, channel::ChannelWindowAdjust{2, 9});
  seed.step({42, 0}, channel_request(1, "env", {})).step({40, 0}, channel::ChannelData{1, as_bytes("data")});
  seed.step({40, 0}, channel::ChannelExtendedData{1, 1, as_bytes("error")}).step({40, 0}, channel::ChannelEof{1});
  return seed.step({40, 0}, channel::ChannelClose{1});
}

// Each instruction of an EditScript, alone: on the packet that comes after so many.
void edit_seeds(const std::function<void(const std::string&, const Seed&)>& save, std::uint8_t choice,
                std::uint8_t packets) {
  for (std::uint8_t skip = 0; skip != packets; ++skip) {
    for (std::uint8_t edit = 0; edit != 10; ++edit) {
      const std::uint8_t operands[] = {skip, edit, 0, static_cast<std::uint8_t>(skip + edit), 1};
      Seed seed{choice};
      save("edit_" + std::to_string(skip) + "_" + std::to_string(edit), seed.raw(operands));
    }
  }
}

class Folder {
 public:
  Folder(const std::filesystem::path& corpus, const char* target) : path_(corpus / target) {
    std::filesystem::create_directories(path_);
  }
  void save(const std::string& name, const Seed& seed) const {
    std::ofstream file(path_ / ("good_" + name), std::ios::binary);
    file.write(reinterpret_cast<const char*>(seed.bytes().data()), static_cast<std::streamsize>(seed.bytes().size()));
  }

 private:
  std::filesystem::path path_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path corpus = argv[1];
  for (const char* target : {"kex_client", "kex_server", "rekey", "client_session"}) {
    const Folder folder(corpus, target);
    for (std::uint8_t choice = 0; choice != 32; ++choice) folder.save("choice_" + std::to_string(choice), Seed{choice});
    const auto save = [&](const std::string& name, const Seed& seed) { folder.save(name, seed); };
    edit_seeds(save, 0, std::strcmp(target, "client_session") == 0 ? 24 : 3);
  }
  const Folder server(corpus, "server_session");
  server.save("sftp", sftp_session(0));
  server.save("sftp_compressed", sftp_session(1));
  server.save("sftp_at_once", sftp_session(4));
  server.save("exec", exec_session());

  Seed requests{255}, replies{255};
  Folder(corpus, "sftp_server").save("requests", all_sftp_requests(requests));
  Folder(corpus, "sftp_client").save("replies", all_sftp_replies(replies));
  Folder(corpus, "multiplexer").save("channels", multiplexer_run());

  Seed userauth{255};
  userauth.message(transport::ServiceRequest{auth::userauth_service}).packet(key_query());
  userauth.packet(keyboard_request()).packet(info_response()).packet(password_request("secret"));
  Folder(corpus, "userauth_server").save("methods", userauth);
  return 0;
}
