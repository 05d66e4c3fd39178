#include <algorithm>
#include <limits>

#include "client/download.h"
#include "client/upload.h"
#include "hawser/wire/copy_bytes.h"

namespace hawser::client {
namespace {

// Memory as the end of a transfer; offsets are those of the file, which `base` is the first of.
class MemorySink final : public DataSink {
 public:
  MemorySink(MutableBytes memory, std::uint64_t base) : memory_(memory), base_(base) {}
  Result<void> write_at(std::uint64_t offset, std::span<const Bytes> pieces) override {
    MutableBytes rest = memory_.subspan(static_cast<std::size_t>(offset - base_));
    for (const Bytes piece : pieces) {
      copy_bytes(piece, rest);
      rest = rest.subspan(piece.size());
    }
    return {};
  }

 private:
  MutableBytes memory_;
  std::uint64_t base_;
};

class MemorySource final : public DataSource {
 public:
  MemorySource(Bytes memory, std::uint64_t base) : memory_(memory), base_(base) {}
  Result<std::size_t> read_at(std::uint64_t offset, std::span<const MutableBytes> areas) override {
    Bytes rest = memory_.subspan(static_cast<std::size_t>(offset - base_));
    std::size_t done = 0;
    for (const MutableBytes area : areas) {
      const std::size_t count = std::min(area.size(), rest.size());
      copy_bytes(rest.first(count), area);
      rest = rest.subspan(count);
      done += count;
    }
    return done;
  }

 private:
  Bytes memory_;
  std::uint64_t base_;
};

Error closed() { return Error(Errc::invalid_state, "the file is closed"); }

}  // namespace

File::File(std::shared_ptr<SFTPSession> session, std::string handle)
    : session_(std::move(session)), handle_(std::move(handle)) {}
File::File(File&&) noexcept = default;
File& File::operator=(File&& other) noexcept {
  std::swap(session_, other.session_);
  std::swap(handle_, other.handle_);
  return *this;
}
File::~File() {
  if (session_) session_->post_and_forget(sftp::Close{.handle = handle_});
}

Awaitable<SFTPResult<std::size_t>> File::read_at(std::uint64_t offset, MutableBytes into) {
  if (!session_) co_return closed();
  if (into.empty()) co_return std::size_t{0};
  MemorySink sink(into, offset);
  const TransferOptions options;
  Download download(session_, handle_, sink, offset, offset + into.size(), options);
  const SFTPResult<std::uint64_t> end = co_await download.run();
  if (!end) co_return end.error();
  co_return static_cast<std::size_t>(*end - offset);
}

Awaitable<SFTPResult<void>> File::write_at(std::uint64_t offset, Bytes data) {
  if (!session_) co_return closed();
  if (data.empty()) co_return SFTPResult<void>();
  MemorySource source(data, offset);
  TransferOptions options;
  options.offset = offset;
  Upload upload(session_, handle_, source, options);
  const SFTPResult<std::uint64_t> end = co_await upload.run(offset + data.size());
  if (!end) co_return end.error();
  co_return SFTPResult<void>();
}

Awaitable<SFTPResult<std::uint64_t>> File::download(DataSink& sink, TransferOptions options) {
  if (!session_) co_return closed();
  constexpr std::uint64_t no_end = std::numeric_limits<std::int64_t>::max();
  Download download(session_, handle_, sink, options.offset, no_end, options);
  download.learn_size();
  SFTPResult<std::uint64_t> end = co_await download.run();
  if (!end) sink.cut_short(download.complete_end());
  co_return end;
}

Awaitable<SFTPResult<std::uint64_t>> File::upload(DataSource& source, TransferOptions options,
                                                  std::optional<std::uint64_t> size) {
  if (!session_) co_return closed();
  Upload upload(session_, handle_, source, options);
  SFTPResult<std::uint64_t> end = co_await upload.run(size);
  co_return end;
}

Awaitable<SFTPResult<sftp::Attributes>> File::stat() {
  if (!session_) co_return closed();
  const sftp::Reply reply = co_await session_->request(sftp::Fstat{.handle = handle_});
  co_return attributes_of(reply);
}

Awaitable<SFTPResult<void>> File::set_attributes(sftp::Attributes attributes) {
  if (!session_) co_return closed();
  const sftp::Reply reply = co_await session_->request(sftp::Fsetstat{.handle = handle_, .attrs = attributes});
  co_return status_of(reply);
}

Awaitable<SFTPResult<void>> File::sync() {
  if (!session_) co_return closed();
  if (!session_->extensions().fsync) co_return Error(Errc::unsupported, "fsync@openssh.com");
  const sftp::ExtendedRequest<sftp::Fsync> message{.body = {.handle = handle_}};
  const sftp::Reply reply = co_await session_->request(message);
  co_return status_of(reply);
}

Awaitable<SFTPResult<sftp::FileSystemStatistics>> File::statistics() {
  if (!session_) co_return closed();
  if (!session_->extensions().fstatvfs) co_return Error(Errc::unsupported, "fstatvfs@openssh.com");
  const sftp::ExtendedRequest<sftp::Fstatvfs> message{.body = {.handle = handle_}};
  const sftp::Reply reply = co_await session_->request(message);
  co_return statistics_of(reply);
}

Awaitable<SFTPResult<void>> File::copy_to(const File& target, std::uint64_t from, std::uint64_t length,
                                          std::uint64_t to) {
  if (!session_) co_return closed();
  if (!session_->extensions().copy_data) co_return Error(Errc::unsupported, "copy-data");
  const sftp::ExtendedRequest<sftp::CopyData> message{.body = {.read_from_handle = handle_,
                                                               .read_from_offset = from,
                                                               .read_data_length = length,
                                                               .write_to_handle = target.handle_,
                                                               .write_to_offset = to}};
  const sftp::Reply reply = co_await session_->request(message);
  co_return status_of(reply);
}

Awaitable<SFTPResult<void>> File::close() {
  const std::shared_ptr<SFTPSession> session = std::exchange(session_, nullptr);
  if (!session) co_return closed();
  const sftp::Reply reply = co_await session->request(sftp::Close{.handle = handle_});
  co_return status_of(reply);
}

Awaitable<SFTPResult<sftp::Attributes>> File::stat_and_close() {
  const std::shared_ptr<SFTPSession> session = std::exchange(session_, nullptr);
  if (!session) co_return closed();
  if (const Result<void> room = co_await session->wait_for_room(); !room) co_return room.error();
  ReplyWaiter attributes_waiter;
  session->post(sftp::Fstat{.handle = handle_}, attributes_waiter);
  const sftp::Reply closed = co_await session->request(sftp::Close{.handle = handle_});
  const sftp::Reply attributes = co_await attributes_waiter.wait();
  if (const SFTPResult<void> status = status_of(closed); !status) co_return status.error();
  co_return attributes_of(attributes);
}

}  // namespace hawser::client
