// `hawser get` and `hawser put`.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "commands.h"
#include "connect.h"
#include "progress.h"

namespace hawser::tools {
namespace {

// The last component, without trailing slashes; empty for "/" and "".
std::string last_name(std::string path) {
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  const auto slash = path.rfind('/');
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  return name == "." || name == ".." ? "" : name;
}

std::string joined(const std::string& directory, const std::string& name) {
  return directory.ends_with('/') ? directory + name : directory + "/" + name;
}

bool local_directory(const std::string& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

client::TransferOptions transfer_options(const TransferOptions& options, Progress& progress) {
  client::TransferOptions transfer;
  transfer.preserve = options.preserve;
  transfer.resume = options.resume;
  transfer.progress = [&progress](std::uint64_t done, std::optional<std::uint64_t> size) {
    progress.update(done, size.value_or(0));
  };
  return transfer;
}

client::Awaitable<bool> remote_directory(Session& session, std::string path) {
  const client::SFTPResult<sftp::Attributes> attributes = co_await session.sftp->stat(path);
  co_return attributes&& sftp::is_directory(*attributes);
}

void report(const TransferOptions& options, const std::string& name, const client::TreeSummary& summary) {
  if (options.quiet) return;
  fmt::print(stderr, "{}: {} files in {} directories, {}{}\n", name, summary.files, summary.directories,
             byte_count(summary.bytes),
             summary.skipped != 0 ? fmt::format("; {} links and special files left out", summary.skipped) : "");
}

client::Awaitable<void> get_one(Session& session, const TransferOptions& options, std::string remote,
                                std::string local) {
  Progress progress(!options.quiet);
  progress.begin(remote);
  const bool directory = co_await remote_directory(session, remote);
  if (directory && !options.recursive) throw Failure{operation_failed, remote + " is a directory: use -r"};
  if (directory) {
    client::TreeOptions tree;
    tree.transfer = transfer_options(options, progress);
    client::SFTPResult<client::TreeSummary> summary = co_await session.sftp->get_tree(remote, local, tree);
    progress.finish();
    report(options, remote, value_or_fail(std::move(summary), remote));
  } else {
    const client::TransferOptions transfer = transfer_options(options, progress);
    client::SFTPResult<std::uint64_t> got = co_await session.sftp->get_file(remote, local, transfer);
    progress.finish();
    value_or_fail(std::move(got), remote);
  }
}

client::Awaitable<void> put_one(Session& session, const TransferOptions& options, std::string local,
                                std::string remote) {
  Progress progress(!options.quiet);
  progress.begin(local);
  if (local_directory(local)) {
    if (!options.recursive) throw Failure{operation_failed, local + " is a directory: use -r"};
    client::TreeOptions tree;
    tree.transfer = transfer_options(options, progress);
    client::SFTPResult<client::TreeSummary> summary = co_await session.sftp->put_tree(local, remote, tree);
    progress.finish();
    report(options, local, value_or_fail(std::move(summary), local));
  } else {
    const client::TransferOptions transfer = transfer_options(options, progress);
    client::SFTPResult<std::uint64_t> sent = co_await session.sftp->put_file(local, remote, transfer);
    progress.finish();
    value_or_fail(std::move(sent), local);
  }
}

client::Awaitable<void> get_all(TransferOptions options) {
  std::vector<std::string> sources = options.paths;
  std::string destination = ".";
  if (!is_url(sources.back())) {
    destination = sources.back();
    sources.pop_back();
  }
  if (sources.empty()) throw Failure{usage_error, "a URL to fetch from is missing"};
  std::vector<client::Url> urls;
  for (const std::string& source : sources) urls.push_back(parse_url(source));
  const bool into = local_directory(destination);
  if (urls.size() > 1 && !into) throw Failure{usage_error, destination + " must be a directory for several sources"};
  for (const client::Url& url : urls) {
    Session session = co_await connect(options.connect, url);
    const std::string name = last_name(url.path);
    const std::string remote = remote_path(url);
    const std::string local = into && !name.empty() ? joined(destination, name) : destination;
    co_await get_one(session, options, remote, local);
    session.client->disconnect();
  }
}

client::Awaitable<void> put_all(TransferOptions options) {
  std::vector<std::string> sources = options.paths;
  if (sources.size() < 2 || !is_url(sources.back()))
    throw Failure{usage_error, "the last argument must be the URL to store to"};
  const client::Url url = parse_url(sources.back());
  sources.pop_back();
  for (const std::string& source : sources) {
    if (::access(source.c_str(), R_OK) != 0)
      throw Failure{operation_failed, source + ": no such file, or not readable"};
  }
  Session session = co_await connect(options.connect, url);
  const std::string destination = remote_path(url);
  const bool into = co_await remote_directory(session, destination);
  if (sources.size() > 1 && !into)
    throw Failure{operation_failed, destination + " must be a directory for several sources"};
  for (const std::string& source : sources) {
    const std::string name = last_name(source);
    const std::string remote = into && !name.empty() ? joined(destination, name) : destination;
    co_await put_one(session, options, source, remote);
  }
  session.client->disconnect();
}

}  // namespace

int get(const TransferOptions& options) { return run_command("get", get_all(options)); }
int put(const TransferOptions& options) { return run_command("put", put_all(options)); }

}  // namespace hawser::tools
