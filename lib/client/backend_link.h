// The connection beneath an SFTPBackend: made when it is needed, shared by all operations, replaced when it has broken.
#pragma once

#include <mutex>

#include "client/event_thread.h"
#include "hawser/client/sftp_backend.h"

namespace hawser::client {

// One connection and the thread it lives on. The two clients are touched on that thread only.
class LiveLink {
 public:
  LiveLink(std::shared_ptr<EventThread> on, std::shared_ptr<Client> connected, std::shared_ptr<SFTPClient> opened)
      : thread(std::move(on)), client(std::move(connected)), sftp(std::move(opened)) {}
  ~LiveLink();
  LiveLink(const LiveLink&) = delete;
  LiveLink& operator=(const LiveLink&) = delete;

  bool alive() const;
  // What is under way fails. Idempotent.
  void disconnect();

  const std::shared_ptr<EventThread> thread;
  std::shared_ptr<Client> client;
  std::shared_ptr<SFTPClient> sftp;
};

class BackendLink {
 public:
  // `options` is borrowed for this object's life. Throws std::invalid_argument for a private key that cannot be read.
  explicit BackendLink(const SFTPBackendOptions& options);

  struct Acquired {
    std::shared_ptr<LiveLink> link;
    bool fresh = false;  // just made: an operation that fails on it need not try another
  };
  // Connects where there is no live connection, and tries again as the retry policy says. Throws BackendUnavailable.
  Acquired acquire();
  // This connection is no good any more.
  void drop(const std::shared_ptr<LiveLink>& link);
  void close() noexcept;

 private:
  std::shared_ptr<LiveLink> current();
  std::shared_ptr<EventThread> thread();
  std::shared_ptr<LiveLink> connect();
  ClientOptions client_options();

  const SFTPBackendOptions& options_;
  const Key key_;
  const RetryPolicy retry_;
  std::mutex connecting_;                      // held by the one caller that connects; the others wait for its result
  std::shared_ptr<HostKeyVerifier> verifier_;  // guarded by connecting_; remembers the keys it has accepted
  std::mutex mutex_;                           // guards what follows
  std::shared_ptr<EventThread> thread_;
  std::shared_ptr<LiveLink> link_;
};

}  // namespace hawser::client
