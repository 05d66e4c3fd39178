#include "hawser/client/sftp_client.h"

#include <limits>

#include "client/sftp_session.h"

namespace hawser::client {
namespace {

SFTPError not_offered(const char* extension) { return Error(Errc::unsupported, extension); }

}  // namespace

SFTPClient::SFTPClient(std::shared_ptr<SFTPSession> session) : session_(std::move(session)) {}
SFTPClient::~SFTPClient() { close(); }

std::shared_ptr<SFTPClient> SFTPClient::begin(std::shared_ptr<net::ByteChannel> channel, SFTPClientOptions options) {
  auto session = std::make_shared<SFTPSession>(std::move(channel), std::move(options));
  session->start();
  return std::shared_ptr<SFTPClient>(new SFTPClient(std::move(session)));
}

Awaitable<SFTPResult<std::shared_ptr<SFTPClient>>> SFTPClient::start(std::shared_ptr<net::ByteChannel> channel,
                                                                     SFTPClientOptions options) {
  std::shared_ptr<SFTPClient> client = begin(std::move(channel), std::move(options));
  const SFTPResult<void> ready = co_await client->ready();
  if (!ready) co_return ready.error();
  co_return client;
}

Awaitable<SFTPResult<void>> SFTPClient::ready() {
  const Result<void> ready = co_await session_->ready();
  if (!ready) co_return ready.error();
  co_return SFTPResult<void>();
}

void SFTPClient::close() { session_->fail(Error(Errc::closed)); }
bool SFTPClient::alive() const { return !session_->over(); }
const sftp::Extensions& SFTPClient::extensions() const { return session_->extensions(); }
const sftp::Limits& SFTPClient::limits() const { return session_->limits(); }
asio::any_io_executor SFTPClient::executor() const { return session_->executor(); }

Awaitable<SFTPResult<File>> SFTPClient::open(std::string path, std::uint32_t flags, sftp::Attributes attributes) {
  const std::shared_ptr<SFTPSession> session = session_;
  const sftp::Open message{.filename = path, .pflags = flags, .attrs = attributes};
  const sftp::Reply reply = co_await session->request(message);
  SFTPResult<std::string> handle = handle_of(reply);
  if (!handle) co_return handle.error();
  co_return File(session, std::move(*handle));
}

Awaitable<SFTPResult<sftp::Attributes>> SFTPClient::stat(std::string path) {
  const sftp::Reply reply = co_await session_->request(sftp::Stat{.path = path});
  co_return attributes_of(reply);
}

Awaitable<SFTPResult<sftp::Attributes>> SFTPClient::lstat(std::string path) {
  const sftp::Reply reply = co_await session_->request(sftp::Lstat{.path = path});
  co_return attributes_of(reply);
}

Awaitable<SFTPResult<void>> SFTPClient::set_attributes(std::string path, sftp::Attributes attributes) {
  const sftp::Reply reply = co_await session_->request(sftp::Setstat{.path = path, .attrs = attributes});
  co_return status_of(reply);
}

Awaitable<SFTPResult<void>> SFTPClient::remove(std::string path) {
  const sftp::Reply reply = co_await session_->request(sftp::Remove{.filename = path});
  co_return status_of(reply);
}

Awaitable<SFTPResult<void>> SFTPClient::make_directory(std::string path, sftp::Attributes attributes) {
  const sftp::Reply reply = co_await session_->request(sftp::Mkdir{.path = path, .attrs = attributes});
  co_return status_of(reply);
}

Awaitable<SFTPResult<void>> SFTPClient::remove_directory(std::string path) {
  const sftp::Reply reply = co_await session_->request(sftp::Rmdir{.path = path});
  co_return status_of(reply);
}

Awaitable<SFTPResult<void>> SFTPClient::rename(std::string from, std::string to) {
  const sftp::Reply reply = co_await session_->request(sftp::Rename{.oldpath = from, .newpath = to});
  co_return status_of(reply);
}

Awaitable<SFTPResult<std::string>> SFTPClient::real_path(std::string path) {
  const sftp::Reply reply = co_await session_->request(sftp::Realpath{.path = path});
  co_return single_name_of(reply);
}

Awaitable<SFTPResult<std::string>> SFTPClient::read_link(std::string path) {
  const sftp::Reply reply = co_await session_->request(sftp::Readlink{.path = path});
  co_return single_name_of(reply);
}

Awaitable<SFTPResult<void>> SFTPClient::symlink(std::string target, std::string link_path) {
  sftp::Symlink message{.targetpath = target, .linkpath = link_path};
  if (session_->symlink_order() == sftp::SymlinkOrder::link_first) std::swap(message.targetpath, message.linkpath);
  const sftp::Reply reply = co_await session_->request(message);
  co_return status_of(reply);
}

// The extensions: asked only of a server that has offered them, since some end the session over what they do not know.

Awaitable<SFTPResult<void>> SFTPClient::posix_rename(std::string from, std::string to) {
  if (const Result<void> ready = co_await session_->ready(); !ready) co_return ready.error();
  if (!extensions().posix_rename) co_return not_offered("posix-rename@openssh.com");
  const sftp::ExtendedRequest<sftp::PosixRename> message{.body = {.oldpath = from, .newpath = to}};
  const sftp::Reply reply = co_await session_->request(message);
  co_return status_of(reply);
}

Awaitable<SFTPResult<void>> SFTPClient::hard_link(std::string existing, std::string link_path) {
  if (const Result<void> ready = co_await session_->ready(); !ready) co_return ready.error();
  if (!extensions().hardlink) co_return not_offered("hardlink@openssh.com");
  const sftp::ExtendedRequest<sftp::Hardlink> message{.body = {.oldpath = existing, .newpath = link_path}};
  const sftp::Reply reply = co_await session_->request(message);
  co_return status_of(reply);
}

Awaitable<SFTPResult<void>> SFTPClient::set_link_attributes(std::string path, sftp::Attributes attributes) {
  if (const Result<void> ready = co_await session_->ready(); !ready) co_return ready.error();
  if (!extensions().lsetstat) co_return not_offered("lsetstat@openssh.com");
  const sftp::ExtendedRequest<sftp::Lsetstat> message{.body = {.path = path, .attrs = attributes}};
  const sftp::Reply reply = co_await session_->request(message);
  co_return status_of(reply);
}

Awaitable<SFTPResult<sftp::FileSystemStatistics>> SFTPClient::statistics(std::string path) {
  if (const Result<void> ready = co_await session_->ready(); !ready) co_return ready.error();
  if (!extensions().statvfs) co_return not_offered("statvfs@openssh.com");
  const sftp::ExtendedRequest<sftp::Statvfs> message{.body = {.path = path}};
  const sftp::Reply reply = co_await session_->request(message);
  co_return statistics_of(reply);
}

Awaitable<SFTPResult<std::string>> SFTPClient::expand_path(std::string path) {
  if (const Result<void> ready = co_await session_->ready(); !ready) co_return ready.error();
  if (!extensions().expand_path) co_return not_offered("expand-path@openssh.com");
  const sftp::ExtendedRequest<sftp::ExpandPath> message{.body = {.path = path}};
  const sftp::Reply reply = co_await session_->request(message);
  co_return single_name_of(reply);
}

Awaitable<SFTPResult<std::string>> SFTPClient::home_directory(std::string user) {
  if (const Result<void> ready = co_await session_->ready(); !ready) co_return ready.error();
  if (!extensions().home_directory) co_return not_offered("home-directory");
  const sftp::ExtendedRequest<sftp::HomeDirectory> message{.body = {.username = user}};
  const sftp::Reply reply = co_await session_->request(message);
  co_return single_name_of(reply);
}

}  // namespace hawser::client
