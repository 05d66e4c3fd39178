// The commands about keys: those of users, and those of servers.
#include "command_line.h"
#include "tools/commands.h"

namespace hawser::tools {

void add_keys(CLI::App& app, int& result) {
  const auto made = std::make_shared<KeygenOptions>();
  CLI::App* command = app.add_subcommand("keygen", "Make a key pair, or show what is in a key file");
  command->add_option("FILE", made->file, "The private key; the public one goes to FILE.pub")->required();
  command->add_option("-t,--type", made->type, "ed25519, ecdsa (nistp256) or rsa")
      ->check(CLI::IsMember({"ed25519", "ecdsa", "rsa"}))
      ->capture_default_str();
  command->add_option("-b,--bits", made->bits, "Size of an rsa key")
      ->check(CLI::Range(2048, 16384))
      ->capture_default_str();
  command->add_option("-C,--comment", made->comment, "Text that goes with the key")->type_name("TEXT");
  command->add_flag("--no-passphrase", made->no_passphrase, "Do not ask for one: whoever reads FILE has the key");
  CLI::Option* shown = command->add_flag("-y,--public", made->show_public, "Only print the public key of FILE");
  command
      ->add_flag("-l,--fingerprint", made->show_fingerprint, "Only print size, fingerprint and type of the key in FILE")
      ->excludes(shown);
  command->callback([made, &result] { result = keygen(*made); });

  const auto scanned = std::make_shared<KeyscanOptions>();
  command = app.add_subcommand("keyscan", "Print the host keys of servers, as lines for a known hosts file");
  command->add_option("HOST", scanned->hosts, "Host names or addresses")->required();
  command->add_option("-p,--port", scanned->port, "Port")->check(CLI::Range(1, 65535))->capture_default_str();
  command->add_option("-T,--timeout", scanned->timeout, "Seconds for each connection")
      ->check(CLI::Range(1, 3600))
      ->capture_default_str();
  command->add_flag("-H,--hash", scanned->hash, "Hash the names of the hosts");
  command->add_flag("--algorithms", scanned->algorithms, "Print the algorithms of the servers instead");
  command->add_flag("--json", scanned->json, "One JSON object per key or server, on standard output");
  command->callback([scanned, &result] { result = keyscan(*scanned); });
}

}  // namespace hawser::tools
