// Downloads a file over SFTP, with the host keys that OpenSSH knows and the key that it uses.
//
//   sftp_client example.org me ~/.ssh/id_ed25519 /var/log/messages messages
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <cstdio>
#include <cstdlib>

#include "hawser/client/client.h"
#include "hawser/client/url.h"

using namespace hawser;

int complain(const std::string& text) { return std::fprintf(stderr, "%s\n", text.c_str()), 1; }

client::Awaitable<int> download(client::ClientOptions options, std::string remote, std::string local) {
  const client::ConnectResult client = co_await client::Client::connect(std::move(options));
  if (!client) co_return complain(client.error().message());
  const auto sftp = co_await (*client)->open_sftp();
  if (!sftp) co_return complain(sftp.error().message());
  const auto moved = co_await (*sftp)->get_file(remote, local);
  if (!moved) co_return complain(moved.error().message());
  std::printf("%s: %llu bytes\n", local.c_str(), static_cast<unsigned long long>(*moved));
  co_return 0;
}

int main(int argc, char** argv) {
  if (argc != 6) return complain("usage: sftp_client HOST[:PORT] USER KEY REMOTE LOCAL");
  const Result<crypto::PrivateKey> key = crypto::load_private_key(argv[3]);
  const Result<client::Url> url = client::parse_url(std::string("sftp://") + argv[1]);
  const auto known = client::KnownHosts::load(std::string(std::getenv("HOME")) + "/.ssh/known_hosts");
  if (!key || !url || !known) return complain("the key, the host or known_hosts cannot be read");
  client::ClientOptions options;
  options.host = url->host;
  options.port = url->port;
  options.user = argv[2];
  options.credentials = {std::make_shared<crypto::PrivateKey>(*key)};
  options.host_keys = std::make_shared<client::KnownHostsVerifier>(*known);
  asio::io_context io;
  int status = 1;
  asio::co_spawn(io, download(std::move(options), argv[4], argv[5]),
                 [&](std::exception_ptr, int result) { status = result; });
  io.run();
  return status;
}
