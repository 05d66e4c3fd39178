// Serves a directory to whoever holds a key of a list:  sftp_server /srv/files ~/.ssh/authorized_keys 2222
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

#include "hawser/server/base_sftp_server.h"
#include "hawser/server/local_file_system.h"

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const auto files = hawser::server::LocalFileSystem::open(argv[1]);
  const auto keys = hawser::server::AuthorizedKeys::load(argv[2]);
  const auto host_key = hawser::server::ephemeral_host_key();
  if (!files || !keys || !host_key) return 1;
  hawser::server::BaseSFTPServerOptions options;
  options.file_system = *files;
  options.authenticators = {*keys};
  options.listen.host_keys = {*host_key};
  options.listen.port = static_cast<std::uint16_t>(std::atoi(argv[3]));
  hawser::server::BaseSFTPServer server(options);
  if (const auto started = server.start(); !started) return std::puts(started.error().message().c_str()), 1;
  std::printf("listening on port %u\n", static_cast<unsigned>(server.port()));
  pause();  // until a signal ends the program
}
