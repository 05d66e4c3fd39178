// The options of every command that connects.
#include "command_line.h"

namespace hawser::tools {

void add_algorithms(CLI::App* command, AlgorithmOptions& algorithms, const std::string& by_default) {
  const char* group = "Algorithms";
  command
      ->add_option("--policy", algorithms.policy,
                   "Which algorithms are allowed: modern; hardened leaves out the NIST curves and encrypt-and-mac; "
                   "compatible adds SHA-1 and CBC for peers long out of date; fips; pq_only (default: " +
                       by_default + ")")
      ->check(CLI::IsMember({"modern", "hardened", "compatible", "fips", "pq_only"}))
      ->type_name("POLICY")
      ->group(group);
  command->add_option("--kex", algorithms.kex, "Key exchange methods, comma separated, best first")->group(group);
  command->add_option("--ciphers", algorithms.ciphers, "Ciphers, comma separated, best first")->group(group);
  command->add_option("--macs", algorithms.macs, "MAC algorithms, comma separated, best first")->group(group);
  command->add_option("--host-key-algorithms", algorithms.host_keys, "Host key signature algorithms, best first")
      ->group(group);
}

void add_packet_log(CLI::App* command, std::string& path) {
  command
      ->add_option(
          "--packet-log", path,
          "For finding faults: append a line for each packet to this file, which is yours alone. Passwords and "
          "what is transferred are left out, user names are not")
      ->type_name("FILE");
}

void add_rekey(CLI::App* command, std::uint64_t& bytes) {
  command->add_option("--rekey-bytes", bytes, "New keys after this many bytes; K, M and G are understood (default 1G)")
      ->transform(CLI::AsSizeValue(false))
      ->group("Algorithms");
}

void add_connect(CLI::App* command, ConnectOptions& connect) {
  command
      ->add_option("-i,--identity", connect.identities,
                   "Private key file instead of the usual ones and the agent's; may be given several times")
      ->type_name("FILE");
  command->add_option("--known-hosts", connect.known_hosts, "Known hosts file (default ~/.ssh/known_hosts)")
      ->type_name("FILE");
  command
      ->add_option(
          "--host-key-policy", connect.host_key_policy,
          "What to do about an unknown host key: ask at the terminal, strict refuses it, tofu accepts and stores it, "
          "auto accepts it with a warning (default: ask where there is a terminal, else strict). A changed key is "
          "always refused.")
      ->type_name("POLICY")
      ->check(CLI::IsMember({"ask", "strict", "tofu", "auto"}));
  command->add_flag("-C,--compress", connect.compress, "Compress what travels, for slow links");
  add_packet_log(command, connect.packet_log);
  add_rekey(command, connect.rekey_bytes);
  add_algorithms(command, connect.algorithms, "modern");
}

}  // namespace hawser::tools
