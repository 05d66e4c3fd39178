#include "hawser/client/agent.h"

#include <asio/generic/stream_protocol.hpp>
#include <asio/local/stream_protocol.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>

#include <sys/un.h>
#include <array>
#include <cstdlib>
#include <utility>

#include "client/agent_messages.h"

namespace hawser::client {

using net::Awaitable;

namespace {

constexpr std::size_t length_size = 4;

std::uint32_t flags_for(const crypto::SignatureRow& algorithm) {
  if (algorithm.name == "rsa-sha2-256") return agent_rsa_sha2_256;
  if (algorithm.name == "rsa-sha2-512") return agent_rsa_sha2_512;
  return 0;
}

Result<std::vector<AgentIdentity>> read_identities(Bytes message) {
  const Result<AgentIdentitiesAnswer> answer = wire::decode<AgentIdentitiesAnswer>(message);
  if (!answer) return answer.error();
  if (answer->nkeys > Agent::identity_limit) return Error(Errc::message_too_large, "nkeys");
  wire::Reader reader(answer->keys.bytes);
  std::vector<AgentIdentity> identities;
  for (std::uint32_t i = 0; i < answer->nkeys && reader.ok(); ++i) {
    AgentIdentityFields fields;
    wire::Codec<AgentIdentityFields>::read(reader, fields);
    if (!reader.ok()) break;
    // Certificates, security keys and whatever comes: others may use them.
    Result<crypto::PublicKey> key = crypto::PublicKey::from_blob(fields.key_blob);
    if (key) identities.push_back({*std::move(key), std::string(fields.comment)});
  }
  if (Result<void> end = reader.finish(); !end) return end.error();
  return identities;
}

}  // namespace

struct Agent::State {
  explicit State(std::unique_ptr<net::Stream> to_agent) : stream(std::move(to_agent)) {}

  void close() {
    if (std::exchange(closed, true)) return;
    stream->close();
  }
  Awaitable<Result<void>> write(Bytes bytes);
  Awaitable<Result<void>> read(MutableBytes bytes);
  Awaitable<Result<ByteVector>> answer_to(ByteVector request);
  // `message` without its length. An agent that refuses gives request_refused, and stays open.
  Awaitable<Result<ByteVector>> ask(ByteVector message);
  // An answer that is not as it should be: nothing behind it can be trusted.
  Error broken(Error error) {
    close();
    return error;
  }

  std::unique_ptr<net::Stream> stream;
  bool busy = false;
  bool closed = false;
};

Awaitable<Result<void>> Agent::State::write(Bytes bytes) {
  while (!bytes.empty()) {
    if (closed) co_return Error(Errc::closed, "agent");
    const net::IoResult wrote = stream->try_write({&bytes, 1});
    if (wrote.error) co_return Error(Errc::io_error, "agent");
    bytes = bytes.subspan(wrote.count);
    if (wrote.would_block) co_await stream->wait_writable();
  }
  co_return Result<void>();
}

Awaitable<Result<void>> Agent::State::read(MutableBytes bytes) {
  while (!bytes.empty()) {
    if (closed) co_return Error(Errc::closed, "agent");
    const net::IoResult got = stream->try_read(bytes);
    if (got.error) co_return Error(Errc::io_error, "agent");
    if (got.would_block) {
      co_await stream->wait_readable();
      continue;
    }
    if (got.count == 0) co_return Error(Errc::end_of_file, "agent");
    bytes = bytes.subspan(got.count);
  }
  co_return Result<void>();
}

Awaitable<Result<ByteVector>> Agent::State::answer_to(ByteVector request) {
  const Result<void> sent = co_await write(request);
  if (!sent) co_return sent.error();
  std::array<std::uint8_t, length_size> length_field{};
  const Result<void> begun = co_await read(length_field);
  if (!begun) co_return begun.error();
  const std::uint32_t length = wire::Reader(length_field).uint32();
  if (length == 0) co_return Error(Errc::truncated, "agent: length");
  if (length > message_limit) co_return Error(Errc::message_too_large, "agent: length");
  ByteVector answer(length);
  const Result<void> complete = co_await read(answer);
  if (!complete) co_return complete.error();
  co_return answer;
}

Awaitable<Result<ByteVector>> Agent::State::ask(ByteVector message) {
  if (closed) co_return Error(Errc::closed, "agent");
  if (busy) co_return Error(Errc::invalid_state, "agent: another request waits");
  if (message.size() > message_limit) co_return Error(Errc::invalid_argument, "agent: too long");
  ByteVector request;
  wire::append_string(request, message);
  busy = true;
  Awaitable<Result<ByteVector>> asking = answer_to(std::move(request));
  Result<ByteVector> answer = Error(Errc::cancelled, "agent");
  try {
    answer = co_await std::move(asking);
  } catch (...) {
    close();  // cancelled in the middle of a message: what comes next would be taken for its answer
    throw;
  }
  busy = false;
  if (!answer) co_return broken(answer.error());
  if (wire::decode<AgentFailure>(*answer)) co_return Error(Errc::request_refused, "agent");
  co_return answer;
}

std::optional<std::string> Agent::usual_socket() {
  const char* const path = std::getenv("SSH_AUTH_SOCK");
  if (path == nullptr || *path == '\0') return std::nullopt;
  return path;
}

Awaitable<Result<std::shared_ptr<Agent>>> Agent::connect(std::string socket) {
  if (socket.empty() || socket.size() >= sizeof(sockaddr_un::sun_path) || socket.find('\0') != std::string::npos) {
    co_return Error(Errc::invalid_argument, "agent: path of the socket");
  }
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  asio::generic::stream_protocol::socket connected(executor);
  const asio::generic::stream_protocol::endpoint endpoint{asio::local::stream_protocol::endpoint(socket)};
  asio::error_code error;
  co_await connected.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, error));
  if (error) co_return Error(Errc::connect_failed, "agent");
  co_return std::make_shared<Agent>(net::socket_stream(std::move(connected)));
}

Agent::Agent(std::unique_ptr<net::Stream> stream) : state_(std::make_shared<State>(std::move(stream))) {}
Agent::~Agent() { close(); }
void Agent::close() { state_->close(); }

Awaitable<Result<std::vector<AgentIdentity>>> Agent::identities() {
  const std::shared_ptr<State> state = state_;
  ByteVector request = wire::encode(AgentRequestIdentities{});
  const Result<ByteVector> answer = co_await state->ask(std::move(request));
  if (!answer) co_return answer.error();
  Result<std::vector<AgentIdentity>> identities = read_identities(*answer);
  if (!identities) co_return state->broken(identities.error());
  co_return identities;
}

Awaitable<Result<ByteVector>> Agent::sign(crypto::PublicKey key, const crypto::SignatureRow& algorithm,
                                          ByteVector data) {
  const std::shared_ptr<State> state = state_;
  if (!key.can_verify(algorithm)) co_return Error(Errc::invalid_argument, "the algorithm is not for this key type");
  ByteVector request = wire::encode(AgentSignRequest{key.blob(), data, flags_for(algorithm)});
  const Result<ByteVector> answer = co_await state->ask(std::move(request));
  if (!answer) co_return answer.error();
  const Result<AgentSignResponse> response = wire::decode<AgentSignResponse>(*answer);
  if (!response) co_return state->broken(response.error());
  if (Result<void> right = key.verify(algorithm, data, response->signature); !right) co_return right.error();
  co_return to_vector(response->signature);
}

}  // namespace hawser::client
