// Behaviour for a FakeSFTPServer: one file that is read and written, the replies cut, delayed and reordered as a test
// wants.
#pragma once

#include "client/fake_sftp_server.h"
#include "support/fixed_random.h"

namespace hawser::test {

class FakeFile {
 public:
  explicit FakeFile(ByteVector content_ = {}) : content(std::move(content_)) {}

  void operator()(FakeSFTPServer& server, std::uint8_t type, std::uint32_t id, Bytes message) {
    switch (type) {
      case sftp::Open::number: return server.reply(sftp::Handle{.id = id, .handle = std::string_view("file")});
      case sftp::Close::number: ++closes; return server.reply_status(id, sftp::StatusCode::ok);
      case sftp::Fstat::number: return stat(server, id);
      case sftp::Read::number: {
        const auto read = wire::decode<sftp::Read>(message);
        REQUIRE(read);
        largest_read = std::max(largest_read, read->length);
        asked += read->length;
        return later(server, [this, request = *read, id](FakeSFTPServer& s) { answer_read(s, request, id); });
      }
      case sftp::Write::number: return write(server, id, message);
      default: return server.reply_status(id, sftp::StatusCode::op_unsupported);
    }
  }

  // Held back until this many replies wait; then they go out in a random order. 0: at once.
  std::size_t hold = 0;
  bool short_reads = false;
  bool tells_size = true;
  std::optional<std::uint64_t> fail_at;  // READ and WRITE of this byte fail
  ByteVector content;
  std::uint32_t largest_read = 0;
  std::uint32_t largest_write = 0;
  std::uint64_t asked = 0;
  std::size_t closes = 0;

  // The rest of what is held, when no more requests come.
  void flush(FakeSFTPServer& server) {
    while (!held_.empty()) {
      const std::size_t index = random_.below(held_.size());
      const auto reply = std::move(held_[index]);
      held_.erase(held_.begin() + static_cast<std::ptrdiff_t>(index));
      reply(server);
    }
  }
  std::size_t held() const { return held_.size(); }

 private:
  void later(FakeSFTPServer& server, std::function<void(FakeSFTPServer&)> reply) {
    if (hold == 0) return reply(server);
    held_.push_back(std::move(reply));
    if (held_.size() >= hold) flush(server);
  }

  void stat(FakeSFTPServer& server, std::uint32_t id) {
    sftp::Attributes attributes;
    if (tells_size) attributes.size = content.size();
    server.reply(sftp::Attrs{.id = id, .attrs = attributes});
  }

  void answer_read(FakeSFTPServer& server, const sftp::Read& read, std::uint32_t id) {
    if (fail_at && read.offset <= *fail_at && *fail_at < read.offset + read.length) {
      return server.reply_status(id, sftp::StatusCode::failure, "broken disk");
    }
    if (read.offset >= content.size()) return server.reply_status(id, sftp::StatusCode::eof);
    std::size_t size = std::min<std::size_t>(read.length, content.size() - read.offset);
    if (short_reads) size = 1 + random_.below(size);
    server.reply(sftp::Data{.id = id, .data = Bytes(content).subspan(read.offset, size)});
  }

  void write(FakeSFTPServer& server, std::uint32_t id, Bytes message) {
    const auto write = wire::decode<sftp::Write>(message);
    REQUIRE(write);
    largest_write = std::max(largest_write, static_cast<std::uint32_t>(write->data.size()));
    const std::uint64_t end = write->offset + write->data.size();
    if (fail_at && write->offset <= *fail_at && *fail_at < end) {
      return server.reply_status(id, sftp::StatusCode::failure, "disk is full");
    }
    if (content.size() < end) content.resize(end);
    std::ranges::copy(write->data, content.begin() + static_cast<std::ptrdiff_t>(write->offset));
    later(server, [id](FakeSFTPServer& s) { s.reply_status(id, sftp::StatusCode::ok); });
  }

  FixedRandom random_{7};
  std::vector<std::function<void(FakeSFTPServer&)>> held_;
};

// What a download brought. A byte that comes twice is an error of the client's.
class MemoryFile final : public client::DataSink, public client::DataSource {
 public:
  explicit MemoryFile(ByteVector content_ = {}) : content(std::move(content_)) {}

  Result<void> write_at(std::uint64_t offset, std::span<const Bytes> pieces) override {
    if (fail) return Error(Errc::file_error, "the sink");
    for (const Bytes piece : pieces) {
      if (content.size() < offset + piece.size()) content.resize(offset + piece.size());
      std::ranges::copy(piece, content.begin() + static_cast<std::ptrdiff_t>(offset));
      offset += piece.size();
      written += piece.size();
    }
    return {};
  }
  Result<std::size_t> read_at(std::uint64_t offset, std::span<const MutableBytes> areas) override {
    if (fail) return Error(Errc::file_error, "the source");
    std::size_t done = 0;
    for (const MutableBytes area : areas) {
      const Bytes rest = Bytes(content).subspan(std::min<std::size_t>(offset + done, content.size()));
      const std::size_t count = std::min(area.size(), rest.size());
      std::ranges::copy(rest.first(count), area.begin());
      done += count;
    }
    return done;
  }

  ByteVector content;
  std::uint64_t written = 0;
  bool fail = false;
};

}  // namespace hawser::test
