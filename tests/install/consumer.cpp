// Uses the installed library from its lowest layer to its highest, so that a header or symbol that was left out is
// missed.
#include <hawser/client/url.h>
#include <hawser/crypto/random.h>
#include <hawser/server/memory_file_system.h>
#include <hawser/wire/writer.h>

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <iostream>

namespace {

asio::awaitable<void> make_inbox(hawser::server::MemoryFileSystem& files, bool& made) {
  const auto result = co_await files.make_directory("/inbox", {});
  made = static_cast<bool>(result);
}

bool network_layers_work() {
  hawser::server::MemoryFileSystem files;
  asio::io_context context;
  bool made = false;
  asio::co_spawn(context, make_inbox(files, made), asio::detached);
  context.run();
  return made && hawser::client::parse_url("sftp://user@host/inbox").has_value();
}

bool core_layers_work() {
  hawser::ByteVector bytes(16);
  hawser::crypto::system_random()->fill(bytes);
  hawser::ByteVector packet;
  hawser::wire::append_string(packet, hawser::Bytes(bytes));
  return packet.size() == 20;
}

}  // namespace

int main() {
  if (!core_layers_work() || !network_layers_work()) return 1;
  std::cout << "hawser works\n";
}
