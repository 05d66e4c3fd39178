// A copy from one name of the server to another.
#include "hawser/client/sftp_client.h"

namespace hawser::client {
namespace {

constexpr std::size_t block_size = 1024 * 1024;

Awaitable<SFTPResult<std::uint64_t>> copy_through_client(File& source, File& target) {
  ByteVector block(block_size);
  for (std::uint64_t done = 0;;) {
    const SFTPResult<std::size_t> count = co_await source.read_at(done, block);
    if (!count) co_return count.error();
    if (*count == 0) co_return done;
    const SFTPResult<void> written = co_await target.write_at(done, Bytes(block).first(*count));
    if (!written) co_return written.error();
    done += *count;
  }
}

Awaitable<SFTPResult<std::uint64_t>> copy_within_server(File& source, File& target) {
  const SFTPResult<void> copied = co_await source.copy_to(target, 0, 0, 0);
  if (!copied) co_return copied.error();
  const SFTPResult<sftp::Attributes> attributes = co_await target.stat();
  if (!attributes) co_return attributes.error();
  co_return attributes->size.value_or(0);
}

}  // namespace

Awaitable<SFTPResult<std::uint64_t>> SFTPClient::copy(std::string from, std::string to) {
  SFTPResult<File> source = co_await open(std::move(from), sftp::open_flags::read);
  if (!source) co_return source.error();
  constexpr std::uint32_t flags = sftp::open_flags::write | sftp::open_flags::create | sftp::open_flags::exclusive;
  SFTPResult<File> target = co_await open(std::move(to), flags);
  if (!target) co_return target.error();
  Awaitable<SFTPResult<std::uint64_t>> copying =
      extensions().copy_data ? copy_within_server(*source, *target) : copy_through_client(*source, *target);
  SFTPResult<std::uint64_t> copied = co_await std::move(copying);
  if (!copied) co_return copied.error();
  const SFTPResult<void> closed = co_await target->close();
  if (!closed) co_return closed.error();
  co_return copied;
}

}  // namespace hawser::client
