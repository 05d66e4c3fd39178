// `hawser`: the command line of the library. This file knows the options, the commands' files know the work.
#include <CLI/CLI.hpp>

#include "commands.h"

namespace {

using namespace hawser::tools;

constexpr const char* footer = R"(Exit codes:
  0  done
  1  the operation failed: refused by the server, file missing, disk full
  2  the command line is wrong
  3  no connection, or it broke
  4  the server's host key is unknown or has changed
  5  authentication failed

URLs: sftp://user@host:port/path; the path is absolute, and relative to the home
directory after /~/. %XX stands for a byte. The user is yours unless named.
The password comes from HAWSER_PASSWORD or a prompt, after the keys.)";

void add_algorithms(CLI::App* command, AlgorithmOptions& algorithms) {
  const char* group = "Algorithms";
  command->add_option("--kex", algorithms.kex, "Key exchange methods, comma separated, best first")->group(group);
  command->add_option("--ciphers", algorithms.ciphers, "Ciphers, comma separated, best first")->group(group);
  command->add_option("--macs", algorithms.macs, "MAC algorithms, comma separated, best first")->group(group);
  command->add_option("--host-key-algorithms", algorithms.host_keys, "Host key signature algorithms, best first")
      ->group(group);
}

void add_rekey(CLI::App* command, std::uint64_t& bytes) {
  command->add_option("--rekey-bytes", bytes, "New keys after this many bytes; K, M and G are understood (default 1G)")
      ->transform(CLI::AsSizeValue(false))
      ->group("Algorithms");
}

void add_connect(CLI::App* command, ConnectOptions& connect) {
  command
      ->add_option("-i,--identity", connect.identities, "Private key file (openssh-key-v1); may be given several times")
      ->type_name("FILE");
  command->add_option("--known-hosts", connect.known_hosts, "Known hosts file (default ~/.ssh/known_hosts)")
      ->type_name("FILE");
  command
      ->add_option(
          "--host-key-policy", connect.host_key_policy,
          "What to do about an unknown host key: strict refuses it, tofu accepts and stores it, auto accepts it with a "
          "warning. A changed key is always refused.")
      ->check(CLI::IsMember({"strict", "tofu", "auto"}))
      ->capture_default_str();
  add_rekey(command, connect.rekey_bytes);
  add_algorithms(command, connect.algorithms);
}

void add_serve(CLI::App& app, ServeOptions& options, int& result) {
  CLI::App* command = app.add_subcommand(
      "serve",
      "Serve a directory over SFTP, or what a configuration file says, in the foreground until SIGTERM or SIGINT");
  CLI::Option* directory = command->add_option("DIR", options.directory, "The directory that clients see as /")
                               ->check(CLI::ExistingDirectory);
  CLI::Option* config =
      command
          ->add_option("--config", options.config,
                       "Users, roots, limits and the rest: hawser-serve.toml(5). SIGHUP reads it again")
          ->type_name("FILE")
          ->check(CLI::ExistingFile);
  command->add_flag("--check", options.check, "Only say whether the configuration file is right")->needs(config);
  command->add_option("--authorized-keys", options.authorized_keys, "Public keys that may sign in")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  command
      ->add_option("--password-file", options.password_file,
                   "Lines of user:password, or of user:hash as `hawser passwd` prints them")
      ->type_name("FILE")
      ->check(CLI::ExistingFile);
  command->add_option("--user", options.user, "The only name the listed keys may sign in as (default: any)")
      ->type_name("NAME");
  command
      ->add_option("--host-key", options.host_key,
                   "Host key file; made, readable by you alone, if absent (default: a new key each time)")
      ->type_name("FILE");
  command->add_option("--bind", options.bind, "Address to listen on")->capture_default_str()->type_name("ADDR");
  command->add_option("--port", options.port, "Port to listen on; 0 for any free one, which is printed")
      ->capture_default_str();
  command->add_flag("--read-only", options.read_only, "Refuse everything that would change a file");
  add_rekey(command, options.rekey_bytes);
  add_algorithms(command, options.algorithms);
  command->callback([&options, &result, command, directory, config] {
    if (directory->empty() && config->empty()) throw CLI::RequiredError("DIR or --config FILE");
    for (const CLI::Option* option : command->get_options()) {
      const bool goes_with_config = option == config || option->check_lname("check");
      if (!config->empty() && !option->empty() && !goes_with_config) {
        throw CLI::ValidationError(option->get_name(), "is for serving a DIR; with --config the file says it");
      }
    }
    result = serve(options);
  });
}

void add_passwd(CLI::App& app, PasswdOptions& options, int& result) {
  CLI::App* command = app.add_subcommand("passwd", "Make the argon2id hash of a password, for `hawser serve`");
  command->add_option("--user", options.user, "Print a line NAME:hash, as --password-file wants it")->type_name("NAME");
  command->add_flag("--stdin", options.from_stdin, "Take the password from the first line of standard input");
  command->callback([&] { result = make_password_hash(options); });
}

void add_sftp_server(CLI::App& app, SftpServerOptions& options, int& result) {
  CLI::App* command = app.add_subcommand(
      "sftp-server",
      "Speak SFTP on standard input and output as the invoking user; takes the options of OpenSSH's sftp-server");
  command->add_option("-d", options.start_directory, "Start directory; %d is the home directory, %u the user name")
      ->type_name("DIR");
  command->add_flag("-e", options.log_to_stderr, "Log to standard error instead of syslog");
  command->add_option("-f", options.log_facility, "Syslog facility: DAEMON, USER, AUTH, LOCAL0 to LOCAL7")
      ->capture_default_str();
  command
      ->add_option("-l", options.log_level,
                   "Log level: QUIET, FATAL, ERROR, INFO, VERBOSE, DEBUG, DEBUG1, DEBUG2, DEBUG3")
      ->capture_default_str();
  command->add_option("-P", options.denied_requests, "Requests to refuse, comma separated (see -Q requests)");
  command->add_option("-p", options.allowed_requests, "The only requests to serve, comma separated");
  command->add_option("-Q", options.query, "Print what is supported: requests")->type_name("FEATURE");
  command->add_flag("-R", options.read_only, "Read-only");
  command->add_option("-u", options.umask, "Umask for new files and directories, octal")->type_name("UMASK");
  command->callback([&] { result = sftp_server(options); });
}

void add_transfer(CLI::App& app, const char* name, const char* help, TransferOptions& options, int& result,
                  int (*run)(const TransferOptions&)) {
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option("PATHS", options.paths, std::string(name) == "get" ? "URL... [LOCAL]" : "LOCAL... URL")
      ->required();
  command->add_flag("-r,--recursive", options.recursive, "Directories with everything in them");
  command->add_flag("-p,--preserve", options.preserve, "Keep modification times and permissions");
  command->add_flag("-a,--resume", options.resume, "Go on where an earlier transfer of a file stopped");
  command->add_flag("-q,--quiet", options.quiet, "No progress line");
  add_connect(command, options.connect);
  command->callback([&options, &result, run] { result = run(options); });
}

CLI::App* add_remote(CLI::App& app, const char* name, const char* help, const char* urls, int count,
                     RemoteOptions& options, int& result, int (*run)(const RemoteOptions&)) {
  CLI::App* command = app.add_subcommand(name, help);
  CLI::Option* option = command->add_option("URLS", options.urls, urls)->required();
  if (count != 0) option->expected(count);
  add_connect(command, options.connect);
  command->callback([&options, &result, run] { result = run(options); });
  return command;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Hawser: SFTP client and server", "hawser");
  app.footer(footer);
  app.require_subcommand(1);
  app.set_version_flag("--version", "hawser " HAWSER_VERSION);

  int result = success;
  ServeOptions serve_options;
  PasswdOptions passwd_options;
  SftpServerOptions sftp_server_options;
  TransferOptions get_options, put_options;
  RemoteOptions ls_options, mkdir_options, rm_options, mv_options, stat_options;

  add_serve(app, serve_options, result);
  add_passwd(app, passwd_options, result);
  add_sftp_server(app, sftp_server_options, result);
  add_transfer(app, "get", "Fetch files", get_options, result, get);
  add_transfer(app, "put", "Store files", put_options, result, put);
  add_remote(app, "ls", "List a directory or a file", "URL...", 0, ls_options, result, ls)
      ->add_flag("-l,--long", ls_options.long_listing, "Mode, owner, size and time");
  add_remote(app, "mkdir", "Make directories", "URL...", 0, mkdir_options, result, mkdir)
      ->add_flag("-p,--parents", mkdir_options.parents, "Make missing parents; an existing directory is no error");
  add_remote(app, "rm", "Remove files", "URL...", 0, rm_options, result, rm)
      ->add_flag("-r,--recursive", rm_options.recursive,
                 "Directories too, with everything in them; links are never followed");
  add_remote(app, "mv", "Rename a file or directory on one server", "FROM-URL TO-URL", 2, mv_options, result, mv);
  add_remote(app, "stat", "Show what the server tells about files", "URL...", 0, stat_options, result, stat);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? success : usage_error;
  }
  return result;
}
