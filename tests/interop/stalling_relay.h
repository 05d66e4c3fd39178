// A TCP relay to a server on 127.0.0.1 that stops giving the server's bytes to the client after a while, so that a
// transfer stands still in its middle for as long as a test needs.
#pragma once

#include <atomic>
#include <thread>

namespace hawser::test {

class StallingRelay {
 public:
  // One connection, of which the client gets `bytes` of what the server sends.
  StallingRelay(int server_port, std::size_t bytes);
  ~StallingRelay();
  StallingRelay(const StallingRelay&) = delete;
  StallingRelay& operator=(const StallingRelay&) = delete;
  int port() const { return port_; }

 private:
  void run(int server_port, std::size_t bytes);
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> over_ = false;
  std::thread thread_;
};

}  // namespace hawser::test
