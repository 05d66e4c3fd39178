#include <doctest/doctest.h>

#include "support/session_pair.h"

using namespace hawser;
using namespace hawser::test;

namespace {

transport::TransportConfig offering(transport::TransportConfig config, std::vector<std::string> names) {
  config.algorithms.compression = std::move(names);
  return config;
}

}  // namespace

TEST_CASE("session: compressed from the first keys on, or from the end of authentication on") {
  const std::string text = [] {
    std::string lines;
    for (int i = 0; i != 5000; ++i) lines += "line " + std::to_string(i) + " of a file that compresses well\n";
    return lines;
  }();
  std::size_t plain = 0;
  for (const char* name : {"none", "zlib@openssh.com", "zlib"}) {
    CAPTURE(name);
    SessionPair pair(BufferPool::create(), offering(client_config(), {name}),
                     offering(server_config(), {"none", "zlib@openssh.com", "zlib"}));
    pair.client.text = text;
    pair.pump();
    CHECK(pair.client.closed);
    CHECK(pair.client.echoed == text);
    if (plain == 0) plain = pair.sent_by_server.size();
    if (name != std::string("none")) CHECK(pair.sent_by_server.size() < plain / 4);
  }
}
