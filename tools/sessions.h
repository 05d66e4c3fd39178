// One session for each user, host and port that a command names, made when it is first asked for; and the run of such a
// command from its beginning to its exit code.
#pragma once

#include <functional>
#include <map>

#include "connect.h"

namespace hawser::tools {

class Sessions {
 public:
  explicit Sessions(ConnectOptions options) : options_(std::move(options)) {}

  // Throws Failure.
  client::Awaitable<Session> to(client::Url url);
  // Ends all of them: whatever is under way fails, and its coroutines come to their end.
  void disconnect();
  // A signal has asked for the end.
  bool interrupted() const { return interrupted_; }
  void interrupt();
  // No session is under way: what is going on now may be left at any point.
  bool nothing_to_keep() const { return connecting_ || sessions_.empty(); }

 private:
  ConnectOptions options_;
  MakeObserver observers_;  // made with the first session, one for all
  std::map<std::string, Session> sessions_;
  bool connecting_ = false;
  bool interrupted_ = false;
};

bool same_server(const client::Url& a, const client::Url& b);

// Runs `work` to its end. A Failure is printed as "hawser NAME: …". SIGINT, SIGTERM and SIGHUP end it with 128 + the
// signal once what has come is stored; a second one ends it at once.
int run_command(const char* name, const ConnectOptions& options,
                const std::function<client::Awaitable<void>(Sessions&)>& work);

}  // namespace hawser::tools
