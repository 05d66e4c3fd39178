// What a server says of itself before anyone signs in: its host keys, each of which it has proved to own, and its
// algorithms. Nothing is authenticated; whoever answers may be somebody in between, so that keys found in this way are
// to be compared with what is known from elsewhere.
//
//   Connected<std::vector<crypto::PublicKey>> keys = co_await scan_host_keys("example.org");
//   for (const crypto::PublicKey& key : *keys) print(KnownHosts::line("example.org", 22, key));
#pragma once

#include "hawser/client/client.h"

namespace hawser::client {

struct HostScanOptions {
  std::uint16_t port = 22;
  std::chrono::milliseconds timeout = std::chrono::seconds(10);  // of each connection
  // What is offered to the server. Host key algorithms that are not in it are not asked for.
  crypto::AlgorithmPolicy algorithms = crypto::AlgorithmPolicy::modern();
};

// The lists of a server's KEXINIT (RFC 4253 §7.1), as they came. Names of the server: not safe to print.
struct HostAlgorithms {
  std::string identification;  // "SSH-2.0-OpenSSH_9.2p1 …", escaped
  std::vector<std::string> kex;
  std::vector<std::string> host_key;
  std::vector<std::string> cipher_client_to_server, cipher_server_to_client;
  std::vector<std::string> mac_client_to_server, mac_server_to_client;
  std::vector<std::string> compression_client_to_server, compression_server_to_client;
};

// One connection for each type of key that both sides know. Empty where they have none in common; a type whose exchange
// fails is left out as long as another one succeeds.
Awaitable<Connected<std::vector<crypto::PublicKey>>> scan_host_keys(std::string host, HostScanOptions options = {});

// One connection. The lists are given also where none of them has a name in common with ours.
Awaitable<Connected<HostAlgorithms>> scan_host_algorithms(std::string host, HostScanOptions options = {});

}  // namespace hawser::client
