// Defects of other servers in the life of channels and connections that this one does not have (contract: defects 34,
// 35, 37, 38).
#include "hawser/channel/messages.h"
#include "process_fixture.h"
#include "support/event_client.h"

namespace hawser::test {

TEST_CASE_FIXTURE(ProcessFixture,
                  "[defect 34] the answer to exec, shell and subsystem comes before data, EOF and CLOSE") {
  hooks->program = [](ProcessPointer process, std::string) -> Status {
    const Result<void> written = co_await process->write("at once");
    co_return written ? 5 : 1;
  };
  EventClient events(start());
  const channel::ChannelId id = events.open_session();
  const ByteVector specific = body(channel::ExecRequest{.command = "x"});
  REQUIRE(events.channels().request(id, "exec", true, specific));
  CHECK(events.expect<channel::RequestAnswered>().success);
  CHECK(as_text(events.expect<channel::DataReceived>().data.bytes()) == "at once");
  CHECK(events.expect<channel::RequestReceived>().type == "exit-status");
  events.expect<channel::EofReceived>();
  events.channels().close(id);
  events.expect<channel::Closed>();
}

// What a hook can do to the channel that it is asked about: look at it.
template <class Channel>
concept CanBeUsed = requires(Channel& channel, Bytes data) {
  channel.write(data);
}
|| requires(Channel& channel) { channel.close(); }
|| requires(Channel& channel) { channel.exit(0U); };
static_assert(!CanBeUsed<const net::Channel> && CanBeUsed<net::Channel>, "[defect 34]");

TEST_CASE_FIXTURE(ProcessFixture, "[defect 35] clients that come and go leave neither a slot nor a channel behind") {
  options.connections = 4;
  options.connections_per_address = 4;
  hooks->program = upper;
  const std::uint16_t port = start();
  for (int i = 0; i != 30; ++i) {
    CAPTURE(i);
    TestClient one(port);
    REQUIRE(one.login());
    const auto opened = one.open();
    REQUIRE(opened);
    CHECK(one.ask(**opened, "exec", body(channel::ExecRequest{.command = "x"})));
    if (i % 2 == 0) one.connection->disconnect(transport::DisconnectReason::by_application, "bye");
    // Else the socket just closes. Either way the place is free again.
    one.connection->abort(Error(Errc::closed));
    REQUIRE(eventually([&] { return manager->get_connection_count() < 4; }));
  }
  CHECK(eventually([&] { return manager->get_connection_count() == 0; }));
}

TEST_CASE_FIXTURE(ProcessFixture,
                  "[defect 37] programs of one connection each get their own messages, and all of them") {
  hooks->program = upper;
  begin();
  std::vector<std::shared_ptr<net::Channel>> sessions;
  for (int i = 0; i != 20; ++i) {
    const auto opened = client->open();
    REQUIRE(opened);
    REQUIRE(client->ask(**opened, "exec", body(channel::ExecRequest{.command = "x"})));
    sessions.push_back(*opened);
  }
  for (int round = 0; round != 50; ++round) {
    for (std::size_t i = 0; i != sessions.size(); ++i) {
      const std::string text(100, static_cast<char>('a' + i));
      CHECK(client->wait(sessions[i]->write(as_bytes(text))));
    }
  }
  for (std::size_t i = 0; i != sessions.size(); ++i) {
    sessions[i]->send_eof();
    CHECK((client->read_all(*sessions[i]) == std::string(5000, static_cast<char>('A' + i))));
    client->wait_closed(*sessions[i]);
    CHECK(sessions[i]->exit_status() == 3U);
  }
}

TEST_CASE_FIXTURE(ProcessFixture,
                  "[defect 38] a client that sends past the window of a program that does not read is cut off") {
  options.session.channels.initial_window = 1000;
  hooks->program = [](ProcessPointer process, std::string) -> Status {
    const Result<server::ProcessEvent> until_closed = co_await process->next_event();
    co_return until_closed ? 1 : 0;
  };
  begin();
  REQUIRE(exec());
  // The client's own flow control sends 1,000 bytes and keeps the rest.
  CHECK(client->wait(session->write(ByteVector(5000))));
  CHECK(client->ask_global("keepalive@openssh.com"));
  CHECK(client->connection->session().channels().queued(session->id()) == 4000);
  // Without it: one more byte.
  transport::Transport& transport = client->connection->session().transport();
  send_payload(transport, wire::encode(channel::ChannelData{0, as_bytes("x")}));
  client->connection->flush_soon();
  CHECK(client->wait_end().code() == Errc::disconnected_by_peer);
}

}  // namespace hawser::test
