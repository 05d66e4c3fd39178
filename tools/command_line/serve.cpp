// serve, passwd and sftp-server: the commands of a server.
#include "command_line.h"
#include "tools/commands.h"

namespace hawser::tools {

void add_serve(CLI::App& app, int& result) {
  const auto options = std::make_shared<ServeOptions>();
  CLI::App* command = app.add_subcommand(
      "serve",
      "Serve a directory over SFTP, or what a configuration file says, in the foreground until SIGTERM or SIGINT");
  CLI::Option* directory = command->add_option("DIR", options->directory, "The directory that clients see as /")
                               ->check(CLI::ExistingDirectory);
  CLI::Option* config =
      command
          ->add_option("--config", options->config,
                       "Users, roots, limits and the rest: hawser-serve.toml(5). SIGHUP reads it again")
          ->type_name("FILE")
          ->check(CLI::ExistingFile);
  command->add_flag("--check", options->check, "Only say whether the configuration file is right")->needs(config);
  command->add_option("--authorized-keys", options->authorized_keys, "Public keys that may sign in")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  command
      ->add_option("--password-file", options->password_file,
                   "Lines of user:password, or of user:hash as `hawser passwd` prints them")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  command->add_option("--user", options->user, "The only name the listed keys may sign in as (default: any)")
      ->type_name("NAME");
  command
      ->add_option("--host-key", options->host_key,
                   "Host key file; made, readable by you alone, if absent (default: a new key each time)")
      ->type_name("FILE");
  command->add_option("--bind", options->bind, "Address to listen on")->capture_default_str()->type_name("ADDR");
  command->add_option("--port", options->port, "Port to listen on; 0 for any free one, which is printed")
      ->capture_default_str();
  command->add_flag("--read-only", options->read_only, "Refuse everything that would change a file");
  add_packet_log(command, options->packet_log);
  add_rekey(command, options->rekey_bytes);
  command->add_option("--moduli", options->moduli, "Groups for clients that ask for one of their size: moduli(5)")
      ->type_name("FILE")
      ->check(CLI::ExistingFile)
      ->group("Algorithms");
  add_algorithms(command, options->algorithms, "hardened");
  command->callback([options, &result, command, directory, config] {
    if (directory->empty() && config->empty()) throw CLI::RequiredError("DIR or --config FILE");
    for (const CLI::Option* option : command->get_options()) {
      const bool goes_with_config =
          option == config || option->check_lname("check") || option->check_lname("packet-log");
      if (!config->empty() && !option->empty() && !goes_with_config) {
        throw CLI::ValidationError(option->get_name(), "is for serving a DIR; with --config the file says it");
      }
    }
    result = serve(*options);
  });
}

void add_passwd(CLI::App& app, int& result) {
  const auto options = std::make_shared<PasswdOptions>();
  CLI::App* command = app.add_subcommand("passwd", "Make the argon2id hash of a password, for `hawser serve`");
  command->add_option("--user", options->user, "Print a line NAME:hash, as --password-file wants it")
      ->type_name("NAME");
  command->add_flag("--stdin", options->from_stdin, "Take the password from the first line of standard input");
  command->callback([options, &result] { result = make_password_hash(*options); });
}

void add_sftp_server(CLI::App& app, int& result) {
  const auto options = std::make_shared<SftpServerOptions>();
  CLI::App* command = app.add_subcommand(
      "sftp-server",
      "Speak SFTP on standard input and output as the invoking user; takes the options of OpenSSH's sftp-server");
  command->add_option("-d", options->start_directory, "Start directory; %d is the home directory, %u the user name")
      ->type_name("DIR");
  command->add_flag("-e", options->log_to_stderr, "Log to standard error instead of syslog");
  command->add_option("-f", options->log_facility, "Syslog facility: DAEMON, USER, AUTH, LOCAL0 to LOCAL7")
      ->capture_default_str();
  command
      ->add_option("-l", options->log_level,
                   "Log level: QUIET, FATAL, ERROR, INFO, VERBOSE, DEBUG, DEBUG1, DEBUG2, DEBUG3")
      ->capture_default_str();
  command->add_option("-P", options->denied_requests, "Requests to refuse, comma separated (see -Q requests)");
  command->add_option("-p", options->allowed_requests, "The only requests to serve, comma separated");
  command->add_option("-Q", options->query, "Print what is supported: requests")->type_name("FEATURE");
  command->add_flag("-R", options->read_only, "Read-only");
  command->add_option("-u", options->umask, "Umask for new files and directories, octal")->type_name("UMASK");
  command->callback([options, &result] { result = sftp_server(*options); });
}

}  // namespace hawser::tools
