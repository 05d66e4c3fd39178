#include "hawser/server/sftp_server.h"

#include "sftp_session.h"

namespace hawser::server {

SFTPServer::SFTPServer(std::shared_ptr<net::ByteChannel> channel, std::shared_ptr<FileSystem> file_system,
                       SFTPServerOptions options)
    : channel_(std::move(channel)), file_system_(std::move(file_system)), options_(std::move(options)) {}

SFTPServer::~SFTPServer() = default;

net::Awaitable<Result<void>> SFTPServer::run() {
  SFTPSession session(*this);
  Result<void> result = co_await session.run();
  on_session_ended();
  co_return result;
}

net::Awaitable<bool> SFTPServer::check_file_access(std::string, Access) { co_return true; }
net::Awaitable<bool> SFTPServer::check_directory_access(std::string, Access) { co_return true; }
net::Awaitable<FileResult<void>> SFTPServer::before(const SFTPEvent&) { co_return FileResult<void>(); }
net::Awaitable<void> SFTPServer::after(const SFTPEvent&, FileResult<void>) { co_return; }
std::uint32_t SFTPServer::get_file_permissions(const std::string&) { return 0644; }
std::uint32_t SFTPServer::get_directory_permissions(const std::string&) { return 0755; }

}  // namespace hawser::server
