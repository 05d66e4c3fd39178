// Serves a directory to whoever holds a key of a list:  sftp_server /srv/files ~/.ssh/authorized_keys 2222
#include <cstdio>
#include <cstdlib>

#include "hawser/server/base_sftp_server.h"
#include "hawser/server/local_file_system.h"

using namespace hawser;

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto port = static_cast<std::uint16_t>(std::atoi(argv[3]));
  const auto files = server::LocalFileSystem::open(argv[1]);
  const auto keys = server::AuthorizedKeys::load(argv[2]);
  const auto host_key = server::ephemeral_host_key();
  if (!files || !keys || !host_key) return 1;
  server::BaseSFTPServer server({server::TcpEndpoint{"127.0.0.1", port}}, *files, *host_key, *keys);
  const Result<void> ended = server.run();  // as long as the program lives
  std::puts(ended.error().message().c_str());
  return ended ? 0 : 1;
}
