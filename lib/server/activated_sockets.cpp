#include "activated_sockets.h"

#include <fcntl.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <optional>

namespace hawser::server {

namespace {

constexpr int most_sockets = 1024;

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string take_name(std::string_view& names) {
  const std::size_t colon = names.find(':');
  std::string name(names.substr(0, colon));
  names.remove_prefix(colon == std::string_view::npos ? names.size() : colon + 1);
  return name;
}

}  // namespace

Result<std::vector<Endpoint>> activated_endpoints(const ListenVariables& variables, pid_t own_pid) {
  std::vector<Endpoint> endpoints;
  if (variables.pid == nullptr || variables.count == nullptr) return endpoints;
  const std::optional<pid_t> pid = number_of<pid_t>(variables.pid);
  if (!pid) return Error(Errc::bad_value, "LISTEN_PID");
  if (*pid != own_pid) return endpoints;  // the variables have been inherited: they are another process's
  const std::optional<int> count = number_of<int>(variables.count);
  if (!count || *count < 0 || *count > most_sockets) return Error(Errc::bad_value, "LISTEN_FDS");
  std::string_view names = variables.names == nullptr ? std::string_view() : variables.names;
  for (int i = 0; i != *count; ++i) {
    const int descriptor = variables.first + i;
    const int flags = ::fcntl(descriptor, F_GETFD);
    if (flags < 0 || ::fcntl(descriptor, F_SETFD, flags | FD_CLOEXEC) < 0) {
      return Error(Errc::bad_value, "LISTEN_FDS counts descriptors that are not open");
    }
    endpoints.push_back({.where = OpenSocket{.descriptor = descriptor, .name = take_name(names)}, .proxy = {}});
  }
  return endpoints;
}

Result<std::vector<Endpoint>> activated_endpoints() {
  return activated_endpoints(
      {.pid = std::getenv("LISTEN_PID"), .count = std::getenv("LISTEN_FDS"), .names = std::getenv("LISTEN_FDNAMES")},
      ::getpid());
}

}  // namespace hawser::server
