// The keys of agents within a login: the list, then one query after the other, then the agent's signature.
#include <algorithm>

#include "client/login.h"

namespace hawser::client {

// Its list is asked for once. Without keys where it cannot be had.
Awaitable<std::shared_ptr<Login::OpenAgent>> Login::open_agent(std::string socket) {
  const auto found = std::ranges::find(agents_, socket, [](const auto& agent) { return agent->socket; });
  if (found != agents_.end()) co_return *found;
  const auto opened = std::make_shared<OpenAgent>();
  opened->socket = socket;
  agents_.push_back(opened);
  const Result<std::shared_ptr<Agent>> agent = co_await Agent::connect(std::move(socket));
  if (!agent) {
    failure_.detail = agent.error().message();
    co_return opened;
  }
  opened->agent = *agent;
  if (connection_.over()) co_return opened;
  const Result<std::vector<AgentIdentity>> identities = co_await opened->agent->identities();
  if (!identities) {
    failure_.detail = "agent: " + identities.error().message();
    co_return opened;
  }
  for (const AgentIdentity& identity : *identities) opened->keys.push_back(identity.key);
  co_return opened;
}

Awaitable<void> Login::ask_with_agent(AgentKeys credential) {
  const std::shared_ptr<OpenAgent> agent = co_await open_agent(credential.socket);
  if (connection_.over()) co_return;
  for (const crypto::PublicKey& key : agent->keys) {
    const bool wanted = credential.only.empty() || std::ranges::find(credential.only, key) != credential.only.end();
    if (!wanted || !ask_about_key({key, nullptr, agent})) continue;
    attempts_.spend();
    request_sent_ = true;
    co_return;
  }
  attempts_.exhaust();
}

// Somebody may have to confirm it, which takes its time; the end of the connection ends it.
Awaitable<void> Login::sign_with_agent(QueriedKey queried, const crypto::SignatureRow& algorithm) {
  const Result<ByteVector> data = userauth().public_key_data(queried.key, algorithm);
  if (!data) {
    co_await try_next();
    co_return;
  }
  const Result<ByteVector> signature = co_await queried.agent->agent->sign(queried.key, algorithm, *data);
  if (connection_.over()) co_return;
  Result<void> sent = signature ? Result<void>() : signature.error();
  if (sent) sent = userauth().request_public_key(queried.key, algorithm, *signature);
  if (sent) co_return;
  failure_.detail = "agent: " + sent.error().message();
  // It has not been tried: a file may hold the same key.
  std::erase(tried_keys_, to_vector(queried.key.blob()));
  std::erase(queried.agent->keys, queried.key);
  if (sent.error().code() != Errc::request_refused) queried.agent->keys.clear();
  co_await try_next();
}

void Login::close_agents() {
  for (const std::shared_ptr<OpenAgent>& agent : agents_) {
    if (agent->agent) agent->agent->close();
  }
}

}  // namespace hawser::client
