// Paths of URLs: patterns become the names that fit them, and two paths become one.
#pragma once

#include "sessions.h"

namespace hawser::tools {

// The last component, without trailing slashes; empty where that does not name a file: "/", "", "." and "..".
std::string last_name(std::string path);
std::string joined(const std::string& directory, const std::string& name);

// The path itself where it has no pattern or a file is called so; else all that fits, sorted. Nothing that fits is a
// Failure.
client::Awaitable<std::vector<std::string>> expand_remote(Session session, std::string path);

struct RemotePath {
  Session session;
  std::string path;
};
// Each URL as the paths that it stands for, in their order.
client::Awaitable<std::vector<RemotePath>> expand_urls(Sessions& sessions, std::vector<std::string> urls);

}  // namespace hawser::tools
