// `hawser cat`: files to standard output.
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "commands.h"
#include "printable.h"
#include "remote_paths.h"

namespace hawser::tools {
namespace {

using client::Awaitable;

// Read in pieces of this size, each in many requests at once. Nothing is under way while standard output is not ready,
// so that a pager may wait for its reader as long as it likes.
constexpr std::size_t piece_size = 8 * 1024 * 1024;

void write_all(Bytes data) {
  while (!data.empty()) {
    const ssize_t count = ::write(STDOUT_FILENO, data.data(), data.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Failure{operation_failed, "standard output: " + std::generic_category().message(errno)};
    data = data.subspan(static_cast<std::size_t>(count));
  }
}

Awaitable<void> cat_one(Session session, std::string path) {
  const sftp::Attributes unchanged;
  client::SFTPResult<client::File> opened = co_await session.sftp->open(path, sftp::open_flags::read, unchanged);
  client::File file = value_or_fail(std::move(opened), printable(path));
  ByteVector piece(piece_size);
  std::uint64_t offset = 0;
  while (true) {
    client::SFTPResult<std::size_t> read = co_await file.read_at(offset, piece);
    const std::size_t count = value_or_fail(std::move(read), printable(path));
    write_all(Bytes(piece).first(count));
    offset += count;
    if (count < piece.size()) co_return;
  }
}

Awaitable<void> cat_all(Sessions& sessions, RemoteOptions options) {
  const std::vector<RemotePath> paths = co_await expand_urls(sessions, options.urls);
  for (const RemotePath& one : paths) co_await cat_one(one.session, one.path);
}

}  // namespace

int cat(const RemoteOptions& options) {
  return run_command("cat", options.connect, [&](Sessions& sessions) { return cat_all(sessions, options); });
}

}  // namespace hawser::tools
