#include "reception.h"

#include <algorithm>
#include <asio/post.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include "client_stream.h"
#include "hawser/net/spawn.h"
#include "proxy_protocol.h"

namespace hawser::server {

namespace {

using Clock = std::chrono::steady_clock;

// For a PROXY header where login may take for ever.
constexpr std::chrono::seconds header_time{30};

bool trusted(const ProxyProtocol& proxy, const ClientAddress& address) {
  if (!address.ip || proxy.trusted.empty()) return true;
  return std::ranges::any_of(proxy.trusted, [&](const AddressRange& range) { return range.contains(*address.ip); });
}

}  // namespace

// Turned away means closed, and nothing said: an answer would cost more than the attack.
void Reception::welcome(AcceptedSocket accepted, const ListeningSocket& from) {
  ClientAddress address = ClientAddress::of(accepted.peer, from.bound.address);
  if (from.proxy.required && !trusted(from.proxy, address)) {
    settings_.registry->rejected(Rejection::untrusted_proxy);
    return rejections_.note(Rejection::untrusted_proxy, address.text);
  }
  std::variant<ConnectionPlace, Rejection> place = settings_.registry->take_place();
  if (const Rejection* no = std::get_if<Rejection>(&place)) return rejections_.note(*no, address.text);
  ConnectionPlace& taken = std::get<ConnectionPlace>(place);
  if (!from.proxy.required) {
    if (const std::optional<Rejection> no = taken.name_client(address.ip)) return rejections_.note(*no, address.text);
  }

  const auto arrival = std::make_shared<Arrival>(context_);
  std::error_code error;
  arrival->socket.assign(asio::generic::stream_protocol(accepted.peer.ss_family, 0), accepted.descriptor.get(), error);
  if (error) return;
  accepted.descriptor.release();
  arrival->address = std::move(address);
  arrival->place = std::move(taken);
  arrival->proxied = from.proxy.required;
  net::spawn(arrival->strand, serve(shared_from_this(), arrival));
}

net::Awaitable<void> Reception::serve(Self self, ArrivalPointer arrival) {
  Config config = self->config();
  if (arrival->proxied) {
    const Clock::time_point start = Clock::now();
    const bool unlimited = config->login_time.count() == 0;
    const std::chrono::milliseconds time = unlimited ? std::chrono::milliseconds(header_time) : config->login_time;
    net::Awaitable<bool> reading = self->read_proxy_header(arrival, time);
    const bool known = co_await std::move(reading);
    if (!known) co_return;
    // The header's time is part of the login's.
    const auto spent = std::chrono::floor<std::chrono::milliseconds>(Clock::now() - start);
    if (!unlimited) {
      auto shorter = std::make_shared<session::SessionConfig>(*config);
      shorter->login_time = std::max(config->login_time - spent, std::chrono::milliseconds(1));
      config = std::move(shorter);
    }
  }
  std::shared_ptr<SSHServerSession> session;
  try {
    session = self->begin(*arrival, std::move(config));
  } catch (const std::exception& e) {
    self->log_failure(*arrival, e.what());
    co_return;
  } catch (...) {
    self->log_failure(*arrival, "not a std::exception");
    co_return;
  }
  arrival.reset();
  if (self->closed()) session->finish();  // it may have come too late to be told by stop
  self.reset();
  net::Awaitable<void> running = SSHServerSession::run(std::move(session));
  co_await std::move(running);
}

std::shared_ptr<SSHServerSession> Reception::begin(Arrival& arrival, Config config) {
  const auto traffic = std::make_shared<Traffic>();
  SSHServerSession::Settings settings = settings_;
  settings.host_keys = config->transport.host_keys;
  auto connection = std::make_shared<net::Connection>(
      arrival.strand, client_stream(std::move(arrival.socket), arrival.address.text, traffic), Role::server,
      std::move(config));
  connection->use_threads(settings.public_key_threads);
  return SSHServerSession::create(std::move(settings), std::move(connection), std::move(arrival.place), traffic);
}

void Reception::log_failure(const Arrival& arrival, const char* what) {
  if (settings_.log) settings_.log->write(LogLevel::error, arrival.address.text + ": " + escaped(what));
}

net::Awaitable<bool> Reception::read_proxy_header(ArrivalPointer arrival, std::chrono::milliseconds time) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) co_return false;
    waiting_.emplace(arrival.get(), arrival);
  }
  asio::steady_timer deadline(arrival->strand, time);
  deadline.async_wait([arrival](std::error_code cancelled) {
    std::error_code ignored;
    if (!cancelled) arrival->socket.close(ignored);
  });
  ProxyHeaderParser parser;
  Result<std::optional<ProxyHeader>> header = std::optional<ProxyHeader>();
  std::array<std::uint8_t, ProxyHeaderParser::longest_read> bytes;
  std::error_code error;
  arrival->socket.non_blocking(true, error);
  while (header && !*header && arrival->socket.is_open()) {
    const std::size_t count = arrival->socket.receive(asio::buffer(bytes.data(), parser.wanted()), 0, error);
    if (error == asio::error::would_block) {
      auto token = asio::redirect_error(asio::use_awaitable, error);
      co_await arrival->socket.async_wait(Socket::wait_read, token);
    } else if (error) {
      break;
    } else {
      header = parser.receive(Bytes(bytes).first(count));
    }
  }
  deadline.cancel();
  {
    const std::lock_guard lock(mutex_);
    waiting_.erase(arrival.get());
  }
  Rejection why = Rejection::proxy_header;
  if (header && *header && arrival->socket.is_open()) {
    if ((*header)->source) arrival->address = ClientAddress::of(*(*header)->source, (*header)->source_port);
    const std::optional<Rejection> no = arrival->place.name_client(arrival->address.ip);
    if (!no) co_return true;
    why = *no;
  } else {
    arrival->place.reject(why);
  }
  rejections_.note(why, arrival->address.text);
  co_return false;
}

void Reception::use(Config config) {
  const std::lock_guard lock(mutex_);
  config_ = std::move(config);
}

Reception::Config Reception::config() const {
  const std::lock_guard lock(mutex_);
  return config_;
}

bool Reception::closed() const {
  const std::lock_guard lock(mutex_);
  return closed_;
}

void Reception::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  for (const auto& [address, weak] : waiting_) {
    const ArrivalPointer arrival = weak.lock();
    if (!arrival) continue;
    asio::post(arrival->strand, [arrival] {
      std::error_code ignored;
      arrival->socket.close(ignored);
    });
  }
}

}  // namespace hawser::server
