// What get, put and sync tell: a progress line on a terminal, a line per file elsewhere, objects with --json; failures
// always, and a summary at the end.
#pragma once

#include "progress.h"

namespace hawser::tools {

class Report {
 public:
  struct Style {
    const char* command;
    bool quiet = false;
    bool json = false;
  };
  Report(const asio::any_io_executor& executor, Style style);

  Progress& progress() { return progress_; }

  void copied(const std::string& from, const std::string& to, std::uint64_t bytes);
  void unchanged(std::uint64_t files) { unchanged_ += files; }
  void left_out(std::uint64_t files) { left_out_ += files; }
  void removed(const std::string& path);
  void failed(const std::string& text);
  // What a dry run would do: "copy", "remove", "mkdir". On standard output, since it is the result.
  void would(const char* action, const std::string& path);

  // The summary. Throws Failure where something has failed.
  void finish();
  std::uint64_t files() const { return files_; }

 private:
  void line(const std::string& text);

  Style style_;
  bool terminal_;
  Progress progress_;
  std::chrono::steady_clock::time_point begun_;
  std::uint64_t files_ = 0, bytes_ = 0, unchanged_ = 0, left_out_ = 0, removed_ = 0, failures_ = 0;
  bool dry_ = false;
};

}  // namespace hawser::tools
