// `hawser sftp-server`: a drop-in for OpenSSH's sftp-server(8), on standard input and output, as the invoking user.
#include <fmt/format.h>
#include <pwd.h>
#include <sys/stat.h>
#include <syslog.h>
#include <unistd.h>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>

#include <array>
#include <csignal>
#include <cstdio>
#include <map>

#include "commands.h"
#include "hawser/net/pipe_channel.h"
#include "hawser/server/local_file_system.h"
#include "hawser/server/sftp_server.h"
#include "hawser/wire/limits.h"
#include "hawser/wire/types.h"

namespace hawser::tools {
namespace {

std::vector<std::string> split(const std::string& list) {
  const wire::NameList names(list);
  return names.names();
}

// Writes what the server logs to syslog, as OpenSSH does.
class Syslog final : public server::Log {
 public:
  Syslog(int facility, server::LogLevel minimum) : minimum_(minimum) { ::openlog("sftp-server", LOG_PID, facility); }
  ~Syslog() override { ::closelog(); }
  void write(server::LogLevel level, std::string_view text) override {
    if (level < minimum_) return;
    constexpr std::array priorities{LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERR};
    ::syslog(priorities[static_cast<std::size_t>(level)], "%.*s", static_cast<int>(text.size()), text.data());
  }

 private:
  server::LogLevel minimum_;
};

// nullopt inside: nothing is logged. nullopt outside: no such level.
std::optional<std::optional<server::LogLevel>> level_of(const std::string& name) {
  using server::LogLevel;
  static const std::map<std::string, std::optional<LogLevel>> levels{
      {"QUIET", std::nullopt},     {"FATAL", LogLevel::error},   {"ERROR", LogLevel::error},
      {"INFO", LogLevel::info},    {"VERBOSE", LogLevel::debug}, {"DEBUG", LogLevel::debug},
      {"DEBUG1", LogLevel::debug}, {"DEBUG2", LogLevel::debug},  {"DEBUG3", LogLevel::debug}};
  const auto found = levels.find(name);
  if (found == levels.end()) return std::nullopt;
  return found->second;
}

std::optional<int> facility_of(const std::string& name) {
  static const std::map<std::string, int> facilities{
      {"DAEMON", LOG_DAEMON}, {"USER", LOG_USER},     {"AUTH", LOG_AUTH},     {"LOCAL0", LOG_LOCAL0},
      {"LOCAL1", LOG_LOCAL1}, {"LOCAL2", LOG_LOCAL2}, {"LOCAL3", LOG_LOCAL3}, {"LOCAL4", LOG_LOCAL4},
      {"LOCAL5", LOG_LOCAL5}, {"LOCAL6", LOG_LOCAL6}, {"LOCAL7", LOG_LOCAL7}};
  const auto found = facilities.find(name);
  if (found == facilities.end()) return std::nullopt;
  return found->second;
}

// "%d" is the home directory, "%u" the user name, "%%" a percent sign, as in sftp-server(8).
Result<std::string> expanded(const std::string& text) {
  const passwd* user = ::getpwuid(::getuid());
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const char what = ++i < text.size() ? text[i] : '\0';
    if (what == '%') {
      out += '%';
    } else if (user != nullptr && what == 'd') {
      out += user->pw_dir;
    } else if (user != nullptr && what == 'u') {
      out += user->pw_name;
    } else {
      return Error(Errc::invalid_argument, "-d takes %d, %u and %%");
    }
  }
  return out;
}

std::string current_directory() {
  std::array<char, limits::path> buffer{};
  return ::getcwd(buffer.data(), buffer.size()) != nullptr ? buffer.data() : "/";
}

int complain(const std::string& text) {
  fmt::print(stderr, "hawser sftp-server: {}\n", text);
  return usage_error;
}

asio::awaitable<bool> serve_pipes(std::shared_ptr<net::PipeChannel> channel, std::shared_ptr<server::FileSystem> files,
                                  server::SFTPServerOptions options) {
  server::SFTPServer server(channel, files, options);
  const Result<void> ended = co_await server.run();
  if (!ended && options.log) options.log->write(server::LogLevel::error, ended.error().message());
  channel->close();
  co_await channel->wait_closed();
  co_return ended.has_value();
}

}  // namespace

int sftp_server(const SftpServerOptions& options) {
  if (!options.query.empty()) {
    if (options.query != "requests") return complain("-Q takes: requests");
    for (const std::string_view name : server::sftp_request_names()) fmt::print("{}\n", name);
    return success;
  }
  const auto level = level_of(options.log_level);
  if (!level) return complain(fmt::format("-l {}: no such log level", options.log_level));
  const auto facility = facility_of(options.log_facility);
  if (!facility) return complain(fmt::format("-f {}: no such log facility", options.log_facility));

  server::SFTPServerOptions server_options;
  server_options.read_only = options.read_only;
  server_options.allowed_requests = split(options.allowed_requests);
  server_options.denied_requests = split(options.denied_requests);
  if (!server_options.check()) return complain("-p and -P take names of requests: see -Q requests");
  if (*level) {
    if (options.log_to_stderr) {
      server_options.log = server::log_to_stderr(**level);
    } else {
      server_options.log = std::make_shared<Syslog>(*facility, **level);
    }
  }
  if (!options.umask.empty()) {
    std::size_t used = 0;
    unsigned long mask = 01000;
    try {
      mask = std::stoul(options.umask, &used, 8);
    } catch (const std::exception&) {
      used = 0;
    }
    if (used != options.umask.size() || mask > 0777)
      return complain(fmt::format("-u {}: not an octal mask", options.umask));
    ::umask(static_cast<mode_t>(mask));
  }
  server_options.start_directory = current_directory();
  if (!options.start_directory.empty()) {
    const Result<std::string> start = expanded(options.start_directory);
    if (!start) return complain(start.error().message());
    server_options.start_directory = start->starts_with('/') ? *start : server_options.start_directory + "/" + *start;
  }

  server::LocalOptions local;
  local.jail = false;
  local.keep_special_bits = true;  // they act for the user who runs this, as chmod(1) would
  auto files = server::LocalFileSystem::open("/", local);
  if (!files) return complain(files.error().message());

  ::signal(SIGPIPE, SIG_IGN);  // a client that goes ends a write with an error instead

  asio::io_context context;
  const auto channel = std::make_shared<net::PipeChannel>(context.get_executor(), STDIN_FILENO, STDOUT_FILENO);
  int result = operation_failed;
  asio::co_spawn(context, serve_pipes(channel, *files, server_options),
                 [&](std::exception_ptr failed, bool ended_well) {
                   if (!failed && ended_well) result = success;
                 });
  context.run();
  return result;
}

}  // namespace hawser::tools
