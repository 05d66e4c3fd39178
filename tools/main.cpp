// `hawser`: the command line of the library. command_line/ knows the options, the commands' files know the work.
#include "command_line/command_line.h"
#include "exit_code.h"

namespace {

constexpr const char* footer = R"(Exit codes:
  0  done
  1  the operation failed: refused by the server, file missing, disk full
  2  the command line is wrong
  3  no connection, or it broke
  4  the server's host key is unknown or has changed
  5  authentication failed
  130  interrupted (128 + the signal)

URLs: sftp://user@host:port/path; the path is absolute, and relative to the home
directory after /~/. %XX stands for a byte. The user is yours unless named.
Patterns in the path (*, ?, [...]) stand for what fits on the server; quote them.
The password comes from HAWSER_PASSWORD or a prompt, after the keys.)";

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Hawser: SFTP client and server", "hawser");
  app.footer(footer);
  app.require_subcommand(1);
  app.set_version_flag("--version", "hawser " HAWSER_VERSION);

  int result = hawser::tools::success;
  hawser::tools::add_transfers(app, result);
  hawser::tools::add_queries(app, result);
  hawser::tools::add_changes(app, result);
  hawser::tools::add_keys(app, result);
  hawser::tools::add_serve(app, result);
  hawser::tools::add_passwd(app, result);
  hawser::tools::add_sftp_server(app, result);

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    const int code = app.exit(error);
    return code == 0 ? hawser::tools::success : hawser::tools::usage_error;
  }
  return result;
}
