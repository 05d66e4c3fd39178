// The commands that look at remote files, and those that change their names and rights.
#include "command_line.h"
#include "tools/commands.h"

namespace hawser::tools {
namespace {

constexpr const char* json_help = "One JSON object per entry, on standard output";

template <class Options>
CLI::App* add_urls(CLI::App& app, const char* name, const char* help, const std::shared_ptr<Options>& options,
                   int& result, int (*run)(const Options&)) {
  CLI::App* command = app.add_subcommand(name, help);
  command->callback([options, &result, run] { result = run(*options); });
  return command;
}

template <class Options>
CLI::Option* take_urls(CLI::App* command, Options& options, const char* help = "URL...") {
  return command->add_option("URLS", options.urls, help)->required();
}

}  // namespace

void add_queries(CLI::App& app, int& result) {
  const auto list = std::make_shared<ListOptions>();
  CLI::App* command = add_urls(app, "ls", "List directories and files", list, result, ls);
  take_urls(command, *list);
  command->add_flag("-l,--long", list->long_listing, "Mode, owner, group, size and time (UTC)");
  command->add_flag("-a,--all", list->all, "Names that begin with a dot, too");
  // -h is for people here, as in ls(1); help stays --help.
  command->set_help_flag("--help", "Print this help message and exit");
  command->add_flag("-h,--human", list->human, "Sizes as 1.5K, 312M");
  command->add_flag("--json", list->json, json_help);
  add_connect(command, list->connect);

  const auto asked = std::make_shared<QueryOptions>();
  command = add_urls(app, "stat", "Show what the server tells about files", asked, result, stat);
  take_urls(command, *asked);
  command->add_flag("--json", asked->json, json_help);
  add_connect(command, asked->connect);

  const auto space = std::make_shared<QueryOptions>();
  command = add_urls(app, "df", "Show how much space is used and free", space, result, df);
  take_urls(command, *space);
  command->set_help_flag("--help", "Print this help message and exit");
  command->add_flag("-h,--human", space->human, "Sizes as 1.5K, 312M instead of KiB");
  command->add_flag("--json", space->json, json_help);
  add_connect(command, space->connect);

  const auto shown = std::make_shared<RemoteOptions>();
  command = add_urls(app, "cat", "Print files on standard output", shown, result, cat);
  take_urls(command, *shown);
  add_connect(command, shown->connect);
}

void add_changes(CLI::App& app, int& result) {
  const auto made = std::make_shared<RemoteOptions>();
  CLI::App* command = add_urls(app, "mkdir", "Make directories", made, result, mkdir);
  take_urls(command, *made);
  command->add_flag("-p,--parents", made->parents, "Make missing parents; an existing directory is no error");
  add_connect(command, made->connect);

  const auto removed = std::make_shared<RemoteOptions>();
  command = add_urls(app, "rm", "Remove files", removed, result, rm);
  take_urls(command, *removed);
  command->add_flag("-r,--recursive", removed->recursive,
                    "Directories too, with everything in them; links are never followed");
  command->add_flag("-f,--force", removed->force, "What is not there is no error");
  add_connect(command, removed->connect);

  const auto moved = std::make_shared<RemoteOptions>();
  command = add_urls(app, "mv", "Rename a file or directory on one server", moved, result, mv);
  take_urls(command, *moved, "FROM-URL TO-URL")->expected(2);
  add_connect(command, moved->connect);

  const auto linked = std::make_shared<RemoteOptions>();
  command = add_urls(app, "ln", "Make a link", linked, result, ln);
  take_urls(command, *linked, "TARGET LINK-URL; the target is a URL, with -s also any text")->expected(2);
  command->add_flag("-s,--symbolic", linked->symbolic, "A symbolic link");
  add_connect(command, linked->connect);

  const auto changed = std::make_shared<RemoteOptions>();
  command = add_urls(app, "chmod", "Change the rights of files", changed, result, chmod);
  command->add_option("MODE", changed->mode, "Octal, such as 644")->required();
  take_urls(command, *changed);
  add_connect(command, changed->connect);
}

}  // namespace hawser::tools
