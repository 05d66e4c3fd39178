// get, put and sync.
#include "command_line.h"
#include "tools/commands.h"

namespace hawser::tools {
namespace {

template <class Options>
void add_output(CLI::App* command, Options& options) {
  command->add_option("-j,--jobs", options.files_in_flight, "Files that move at the same time")
      ->type_name("N")
      ->check(CLI::Range(1U, 1024U))
      ->capture_default_str();
  command->add_flag("-q,--quiet", options.quiet, "Tell only what fails");
  command->add_flag("--json", options.json, "One JSON object per file and a summary, on standard output");
}

void add_transfer(CLI::App& app, const char* name, const char* help, const char* paths, int& result,
                  int (*run)(const TransferOptions&)) {
  const auto options = std::make_shared<TransferOptions>();
  CLI::App* command = app.add_subcommand(name, help);
  command->add_option("PATHS", options->paths, paths)->required();
  command->add_flag("-r,--recursive", options->recursive, "Directories with everything in them");
  command->add_flag("-p,--preserve", options->preserve, "Keep modification times and permissions");
  command->add_flag("-a,--resume", options->resume, "Go on where an earlier transfer of a file stopped");
  add_output(command, *options);
  add_connect(command, options->connect);
  command->callback([options, &result, run] { result = run(*options); });
}

void add_sync(CLI::App& app, int& result) {
  const auto options = std::make_shared<SyncOptions>();
  CLI::App* command =
      app.add_subcommand("sync", "Make a directory the same as another one, on the other side of the line");
  command->add_option("SOURCE", options->source, "Directory to copy from: a URL or a local one")->required();
  command->add_option("TARGET", options->target, "Directory to change: a local one or a URL")->required();
  command->add_flag("--delete", options->remove, "Remove from the target what the source does not have");
  command->add_flag("--checksum", options->compare_contents,
                    "Compare files of the same size by their contents instead of their times; reads them all");
  command->add_flag("-n,--dry-run", options->dry_run, "Only print what would be done");
  add_output(command, *options);
  add_connect(command, options->connect);
  command->callback([options, &result] { result = sync(*options); });
}

}  // namespace

void add_transfers(CLI::App& app, int& result) {
  add_transfer(app, "get", "Fetch files",
               "URL... [LOCAL]; quoted patterns (*, ?, [...]) stand for what fits on the server", result, get);
  add_transfer(app, "put", "Store files", "LOCAL... URL", result, put);
  add_sync(app, result);
}

}  // namespace hawser::tools
