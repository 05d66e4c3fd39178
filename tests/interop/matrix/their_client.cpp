// Their client with servers of ours: one for each row.
#include <doctest/doctest.h>

#include <mutex>

#include "../peers.h"
#include "../ssh_peer.h"
#include "matrix.h"
#include "report.h"

namespace hawser::test {
namespace {

class OurServer {
 public:
  OurServer(const crypto::AlgorithmPolicy& policy, const MatrixKeys& keys) {
    server::SSHServerOptions options;
    options.host_keys = keys.host_keys();
    options.port = 0;
    options.threads = 1;
    options.stop_time = std::chrono::milliseconds(0);
    options.session.transport.algorithms = policy;
    options.session.transport.on_kexinit = [this](const std::string& identification,
                                                  const transport::KexInit& message) {
      const std::scoped_lock lock(mutex_);
      offer_ = PeerOffer(identification, message);
    };
    const auto users = server::AuthorizedKeys::from_text(keys.authorized_keys());
    manager_ = std::make_unique<server::SSHServerManager>(command_server(users), std::move(options));
    if (const Result<void> started = manager_->start(); !started) throw std::runtime_error(started.error().message());
  }
  ~OurServer() { manager_->stop(); }

  int port() const { return manager_->port(); }
  // Of the client that came last.
  PeerOffer offer() {
    const std::scoped_lock lock(mutex_);
    return offer_;
  }

 private:
  std::mutex mutex_;
  PeerOffer offer_;
  std::unique_ptr<server::SSHServerManager> manager_;
};

}  // namespace

const std::string& matrix_content() {
  static const std::string content = sample_bytes(60'000);
  return content;
}

void check_their_client(const std::string& name, const LogIn& log_in, const MatrixKeys& keys) {
  OurServer for_all(every_algorithm(), keys);
  CAPTURE(name);
  const std::vector<std::string> first = log_in({{for_all.port(), crypto::KeyType::ed25519}});
  REQUIRE(first.size() == 1);
  REQUIRE(first[0] == "");
  const PeerOffer offer = for_all.offer();
  const MatrixReport report{name, offer.software, "server"};

  std::vector<MatrixRow> rows;
  std::vector<std::unique_ptr<OurServer>> servers;
  std::vector<Login> logins;
  for (const MatrixRow& row : matrix_rows()) {
    if (!offer.has(row)) {
      report.absent(row);
      continue;
    }
    rows.push_back(row);
    servers.push_back(std::make_unique<OurServer>(only(row), keys));
    logins.push_back({servers.back()->port(), user_key_for(row)});
  }
  const std::vector<std::string> failures = log_in(logins);
  REQUIRE(failures.size() == rows.size());
  for (std::size_t i = 0; i != rows.size(); ++i) report.done(rows[i], failures[i]);
}

}  // namespace hawser::test
