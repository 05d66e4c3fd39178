// A session channel on which a program of the test runs, and all that a client may set up for it is granted.
#pragma once

#include "hook_server.h"

namespace hawser::test {

using server::Process;
using Status = net::Awaitable<std::uint32_t>;
using ProcessPointer = std::shared_ptr<Process>;

struct ProcessFixture : HookFixture {
  ProcessFixture() {
    for (const char* hook : {"exec", "env", "x11", "agent", "break"}) {
      hooks->modes[std::string("check_channel_") + hook + "_request"] = HookMode::allow;
    }
  }
  void begin() {
    client = std::make_unique<TestClient>(start());
    REQUIRE(client->login());
    const auto opened = client->open();
    REQUIRE(opened);
    session = *opened;
  }
  bool ask(std::string type, ByteVector specific = {}) {
    return client->ask(*session, std::move(type), std::move(specific));
  }
  bool exec(const std::string& command = "program") {
    return ask("exec", body(channel::ExecRequest{.command = command}));
  }
  void tell(const std::string& type, ByteVector specific) { session->request_without_reply(type, specific); }
  // What the program said, once it has ended.
  std::string output() {
    const std::string all = client->read_all(*session);
    client->wait_closed(*session);
    return all;
  }

  std::unique_ptr<TestClient> client;
  std::shared_ptr<net::Channel> session;
};

// Gives its input back in capital letters, and says "done" on standard error; exit status 3.
inline Status upper(ProcessPointer process, std::string) {
  while (true) {
    const Result<Payload> piece = co_await process->read();
    if (!piece) co_return 1;
    if (piece->empty()) break;
    std::string text(as_text(piece->bytes()));
    for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    const Result<void> written = co_await process->write(text);
    if (!written) co_return 1;
  }
  const Result<void> written = co_await process->write_error("done\n");
  co_return written ? 3 : 1;
}

}  // namespace hawser::test
