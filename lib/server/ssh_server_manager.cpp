#include "hawser/server/ssh_server_manager.h"

#include <algorithm>
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/executor_work_guard.hpp>
#include <asio/io_context.hpp>
#include <atomic>
#include <optional>
#include <thread>

#include "connection_registry.h"
#include "listener.h"
#include "ssh_server_session.h"

namespace hawser::server {

namespace {

// How long connections that were told to end at once may take to do so, before the event loop is stopped under them.
constexpr std::chrono::seconds last_wait{1};

unsigned thread_count(unsigned asked) {
  if (asked != 0) return asked;
  return std::clamp(std::thread::hardware_concurrency(), 1u, 4u);
}

}  // namespace

struct SSHServerManager::State : std::enable_shared_from_this<State> {
  State(std::shared_ptr<SSHServer> server_, SSHServerOptions&& options_)
      : server(std::move(server_)),
        options(std::move(options_)),
        registry(std::make_shared<ConnectionRegistry>(options)),
        pool(options.session.transport.pool ? options.session.transport.pool : BufferPool::create()) {}

  Result<void> check() const;
  Result<std::shared_ptr<Listener>> listen(asio::io_context& context);
  void welcome(asio::ip::tcp::socket socket, asio::any_io_executor strand);
  // What a start makes and a stop ends.
  struct Running {
    std::unique_ptr<asio::io_context> own_context;  // first, so that it outlives what runs on it
    asio::io_context* context = nullptr;
    std::shared_ptr<Listener> listener;
    std::vector<std::thread> threads;
  };
  void end_own_threads(Running& ended);
  void end_later(asio::io_context& context);
  void close_all();
  void log(LogLevel level, const std::string& text) const {
    if (options.log) options.log->write(level, text);
  }

  std::shared_ptr<SSHServer> server;
  SSHServerOptions options;
  session::SessionConfig config;  // of every connection
  std::shared_ptr<ConnectionRegistry> registry;
  std::shared_ptr<BufferPool> pool;

  mutable std::mutex mutex;  // of `running`
  std::optional<Running> running;
  std::atomic<bool> accepting{false};
};

SSHServerManager::SSHServerManager(std::shared_ptr<SSHServer> server, SSHServerOptions options)
    : state_(std::make_shared<State>(std::move(server), std::move(options))) {}

SSHServerManager::~SSHServerManager() { stop(); }

Result<void> SSHServerManager::State::check() const {
  if (running) return Error(Errc::invalid_state, "the server is running already");
  if (options.host_keys.empty()) return Error(Errc::invalid_argument, "a server needs a host key");
  const std::vector<std::string> methods = server->authentication_methods();
  if (methods.empty()) return Error(Errc::invalid_argument, "a server needs an authentication method");
  if (std::ranges::find(methods, "none") == methods.end()) return {};
  if (!options.allow_unauthenticated) {
    return Error(Errc::invalid_argument, "the method none needs allow_unauthenticated");
  }
  log(LogLevel::warning, "clients need no authentication: anybody who reaches this server may use it");
  return {};
}

Result<std::shared_ptr<Listener>> SSHServerManager::State::listen(asio::io_context& io) {
  config = options.session;
  config.transport.host_keys = options.host_keys;
  config.transport.pool = pool;
  config.userauth.initial_methods = server->authentication_methods();
  std::erase(config.userauth.initial_methods, "none");

  Result<std::shared_ptr<Listener>> listener = Listener::open(io, options.bind_address, options.port);
  if (!listener) return listener;
  accepting = true;
  Listener::accept(*listener, [weak = weak_from_this()](asio::ip::tcp::socket socket, asio::any_io_executor strand) {
    if (const std::shared_ptr<State> self = weak.lock()) self->welcome(std::move(socket), std::move(strand));
  });
  return listener;
}

Result<void> SSHServerManager::start(asio::io_context& context) {
  State& s = *state_;
  const std::lock_guard lock(s.mutex);
  if (Result<void> allowed = s.check(); !allowed) return allowed;
  Result<std::shared_ptr<Listener>> listener = s.listen(context);
  if (!listener) return listener.error();
  s.running.emplace();
  s.running->listener = std::move(*listener);
  s.running->context = &context;
  return {};
}

Result<void> SSHServerManager::start() {
  State& s = *state_;
  const std::lock_guard lock(s.mutex);
  if (Result<void> allowed = s.check(); !allowed) return allowed;
  const unsigned count = thread_count(s.options.threads);
  auto context = std::make_unique<asio::io_context>(static_cast<int>(count));
  Result<std::shared_ptr<Listener>> listener = s.listen(*context);
  if (!listener) return listener.error();
  State::Running& running = s.running.emplace();
  running.listener = std::move(*listener);
  running.context = context.get();
  running.own_context = std::move(context);
  for (unsigned i = 0; i != count; ++i) {
    running.threads.emplace_back([io = running.context] {
      const auto work = asio::make_work_guard(*io);
      io->run();
    });
  }
  return {};
}

// Over a limit the socket is closed and nothing said: an answer would cost more than the attack.
void SSHServerManager::State::welcome(asio::ip::tcp::socket socket, asio::any_io_executor strand) {
  std::error_code error;
  const asio::ip::tcp::endpoint peer = socket.remote_endpoint(error);
  if (error || !accepting) return;  // gone again, or we are
  const std::string address = peer.address().to_string();
  if (!registry->admit(address)) {
    log(LogLevel::warning, address + ": turned away, too many connections");
    return;
  }
  try {
    auto connection = std::make_shared<net::Connection>(
        strand, net::socket_stream(asio::generic::stream_protocol::socket(std::move(socket))), Role::server, config);
    SSHServerSession::Settings settings{
        .server = server,
        .registry = registry,
        .auth_failure_delay = options.auth_failure_delay,
        .log = options.log,
        .connection_protocol = options.connection_protocol,
        .host_keys = options.host_keys};
    auto session = std::make_shared<SSHServerSession>(std::move(settings), std::move(connection), address);
    registry->add(session);
    asio::co_spawn(strand, SSHServerSession::run(session), asio::detached);
  } catch (const std::exception& e) {
    log(LogLevel::error, address + ": " + escaped(e.what()));
    registry->leave(address, {}, false);
  }
}

void SSHServerManager::stop() {
  State& s = *state_;
  State::Running ended;
  {
    const std::lock_guard lock(s.mutex);
    if (!s.running) return;
    ended = std::exchange(s.running, std::nullopt).value();
  }
  s.accepting = false;
  Listener::close(ended.listener);
  for (const std::shared_ptr<SSHServerSession>& session : s.registry->sessions()) session->finish();
  if (ended.own_context) {
    s.end_own_threads(ended);
  } else {
    s.end_later(*ended.context);
  }
}

void SSHServerManager::State::end_own_threads(Running& ended) {
  if (!registry->wait_empty(options.stop_time)) {
    close_all();
    registry->wait_empty(last_wait);
  }
  ended.own_context->stop();
  for (std::thread& thread : ended.threads) thread.join();
}

void SSHServerManager::State::end_later(asio::io_context& context) {
  auto timer = std::make_shared<asio::steady_timer>(context, options.stop_time);
  timer->async_wait([timer, self = shared_from_this()](std::error_code) { self->close_all(); });
}

void SSHServerManager::State::close_all() {
  for (const std::shared_ptr<SSHServerSession>& session : registry->sessions()) session->close();
}

bool SSHServerManager::is_running() const {
  const std::lock_guard lock(state_->mutex);
  return state_->running.has_value();
}

std::uint16_t SSHServerManager::port() const {
  const std::lock_guard lock(state_->mutex);
  return state_->running ? state_->running->listener->port() : std::uint16_t{0};
}

std::size_t SSHServerManager::get_connection_count() const { return state_->registry->size(); }
ConnectionStats SSHServerManager::get_connection_stats() const { return state_->registry->stats(); }
std::vector<std::string> SSHServerManager::get_active_connections() const { return state_->registry->ids(); }

bool SSHServerManager::close_connection(const std::string& id) {
  const std::shared_ptr<SSHServerSession> session = state_->registry->find(id);
  if (session) session->close();
  return session != nullptr;
}

Result<std::shared_ptr<const crypto::Signer>> ephemeral_host_key() {
  const std::unique_ptr<crypto::Random> random = crypto::system_random();
  Result<crypto::PrivateKey> key = crypto::PrivateKey::generate(crypto::KeyType::ed25519, *random);
  if (!key) return key.error();
  return std::shared_ptr<const crypto::Signer>(std::make_shared<crypto::PrivateKey>(std::move(*key)));
}

}  // namespace hawser::server
