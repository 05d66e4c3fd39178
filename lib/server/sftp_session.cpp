#include "sftp_session.h"

#include <cassert>
#include <limits>

#include "hawser/sftp/path.h"

namespace hawser::server {

using net::Awaitable;
using sftp::StatusCode;

namespace {

sftp::ServerOptions engine_options(const SFTPServerOptions& options, const RequestPolicy& policy) {
  sftp::ServerOptions out;
  out.extensions = policy.permitted({.posix_rename = true,
                                     .statvfs = true,
                                     .fstatvfs = true,
                                     .hardlink = true,
                                     .fsync = true,
                                     .lsetstat = true,
                                     .limits = true,
                                     .expand_path = true});
  out.maximum_handles = options.open_handles;
  return out;
}

}  // namespace

SFTPSession::SFTPSession(SFTPServer& server)
    : server_(server),
      channel_(*server.channel_),
      file_system_(*server.file_system_),
      options_(server.options_),
      counters_(server.counters_),
      pool_(options_.pool ? options_.pool : BufferPool::create()),
      policy_(options_),
      hooks_(server, options_.log),
      engine_(*pool_, engine_options(options_, policy_)),
      handles_(options_.open_handles),
      start_directory_(sftp::clean_path(options_.start_directory)) {}

Awaitable<Result<void>> SFTPSession::run() {
  Result<void> result;
  std::exception_ptr thrown;  // no memory for a reply, for one
  try {
    result = co_await serve_all();
  } catch (...) {
    thrown = std::current_exception();
  }
  co_await close_handles();
  if (thrown) std::rethrow_exception(thrown);
  co_return result;
}

Awaitable<Result<void>> SFTPSession::serve_all() {
  while (true) {
    // Backpressure: with no room for a reply no further request is taken, so the channel's window stays shut.
    if (!channel_.writable()) {
      const Result<void> writable = co_await channel_.wait_writable();
      if (!writable) co_return writable;
    }
    Result<std::optional<sftp::Request>> request = engine_.next();
    if (!request) co_return request.error();
    if (request->has_value()) {
      begin(**request);
      if (!try_serve(**request)) co_await serve(**request);
      engine_.release(std::move(**request));
      report_consumed();
      continue;
    }
    // What an unfinished message holds must count as consumed too, or a small window could never take all of it.
    channel_.consumed(static_cast<std::size_t>(fed_ - reported_));
    reported_ = fed_;
    std::optional<Payload> piece = channel_.try_receive();
    if (!piece) {
      Result<Payload> received = co_await channel_.receive();
      if (!received) co_return received.error();
      piece = std::move(*received);
    }
    if (piece->empty()) break;
    fed_ += piece->size();
    engine_.feed(std::move(*piece));
  }
  if (engine_.buffered() != 0) co_return Error(Errc::truncated, "an SFTP message");
  co_return Result<void>();
}

// What lies in the engine as whole requests, still to be served, counts against the peer.
void SFTPSession::report_consumed() {
  const std::uint64_t done = fed_ - engine_.buffered();
  if (done <= reported_) return;
  channel_.consumed(static_cast<std::size_t>(done - reported_));
  reported_ = done;
}

Awaitable<void> SFTPSession::close_handles() {
  std::vector<SFTPHandle> open;
  handles_.drain([&](SFTPHandle&& handle) { open.push_back(std::move(handle)); });
  for (SFTPHandle& handle : open) {
    const Outcome closed = co_await close_handle(handle, true);
    if (!closed && options_.log) {
      options_.log->write(LogLevel::warning,
                          std::string("sftp: closing a handle at the end: ") + text_of(closed.error()));
    }
  }
}

void SFTPSession::begin(const sftp::Request& request) {
  id_ = request.id;
  replied_ = false;
  ++counters_.requests;
}

bool SFTPSession::try_serve(const sftp::Request& request) {
  if (!policy_.allows(request.body)) {
    reply_status(StatusCode::permission_denied);
    return true;
  }
  try {
    if (const auto* read = std::get_if<sftp::Read>(&request.body)) return try_read(*read);
    if (const auto* write = std::get_if<sftp::WriteHeader>(&request.body)) return try_write(*write, request.data);
    return false;
  } catch (const std::exception& e) {
    reply_exception(e.what());
    return true;
  }
}

Awaitable<void> SFTPSession::serve(const sftp::Request& request) {
  try {
    Awaitable<Outcome> work = dispatch(request);
    const Outcome outcome = co_await std::move(work);
    if (!outcome) {
      reply_error(outcome.error());
    } else if (!replied_) {
      reply_status(StatusCode::ok);
    }
  } catch (const std::exception& e) {
    reply_exception(e.what());
  } catch (...) {
    reply_exception("an exception that is no std::exception");
  }
}

Awaitable<SFTPSession::Outcome> SFTPSession::dispatch(const sftp::Request& request) {
  return std::visit(
      [&](const auto& body) -> Awaitable<Outcome> {
        using Body = std::remove_cvref_t<decltype(body)>;
        if constexpr (std::is_same_v<Body, sftp::WriteHeader>) {
          return handle_write(body, request.data);
        } else if constexpr (requires { handle(body); }) {
          return handle(body);
        } else {
          return handle(sftp::Unsupported{});  // extensions that are never offered
        }
      },
      request.body);
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Malformed) {
  reply_status(StatusCode::bad_message);
  co_return Outcome();
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Unsupported) { co_return FileError::unsupported; }

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::Init) {
  reply(engine_.version());
  co_return Outcome();
}

Awaitable<SFTPSession::Outcome> SFTPSession::handle(sftp::LimitsRequest) {
  reply(sftp::ExtendedReplyWith<sftp::Limits>{id_, engine_.limits()});
  co_return Outcome();
}

FileResult<std::string> SFTPSession::resolve(std::string_view path) const {
  if (path.find('\0') != std::string_view::npos) return FileError::invalid_path;
  if (!sftp::valid_path(path)) return FileError::name_too_long;
  if (!path.starts_with('/')) return sftp::clean_path(start_directory_ + "/" + std::string(path));
  return sftp::clean_path(path);
}

Awaitable<bool> SFTPSession::may_change_name(std::string path) {
  const bool may_change = co_await server_.check_file_access(path, Access::write);
  if (!may_change) co_return false;
  const bool may_change_directory =
      co_await server_.check_directory_access(std::string(sftp::parent_path(path)), Access::write);
  co_return may_change_directory;
}

// Only the rights count for something new; set-uid and its kin must be asked for on what exists (filexfer-02 §6.3,
// §6.6).
sftp::Attributes SFTPSession::creation_attributes(const sftp::Attributes& asked, std::uint32_t fallback) const {
  sftp::Attributes out;
  out.permissions = asked.permissions.value_or(fallback) & sftp::file_mode::rights_mask & ~options_.umask;
  return out;
}

void SFTPSession::reply_status(StatusCode code) { reply(sftp::status_message(id_, code)); }

void SFTPSession::reply_error(FileError error) { reply(sftp::status_message(id_, status_code(error), text_of(error))); }

void SFTPSession::send() {
  channel_.send(chain_);
  replied_ = true;
}

// The text of an exception is for the log; a peer must not learn from it what the server is made of.
void SFTPSession::reply_exception(const char* what) {
  if (options_.log) options_.log->write(LogLevel::error, std::string("sftp: an exception: ") + escaped(what));
  if (!replied_) reply_status(StatusCode::failure);
}

}  // namespace hawser::server
