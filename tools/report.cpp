#include "report.h"

#include <fmt/format.h>
#include <unistd.h>

#include "connect.h"
#include "json_line.h"
#include "printable.h"

namespace hawser::tools {
namespace {

std::string files_text(std::uint64_t count) { return fmt::format("{} file{}", count, count == 1 ? "" : "s"); }

}  // namespace

Report::Report(const asio::any_io_executor& executor, Style style)
    : style_(style),
      terminal_(::isatty(STDERR_FILENO) != 0),
      progress_(executor, !style.quiet),
      begun_(std::chrono::steady_clock::now()) {}

void Report::line(const std::string& text) {
  progress_.wipe();
  fmt::print(stderr, "{}\n", text);
}

void Report::copied(const std::string& from, const std::string& to, std::uint64_t bytes) {
  ++files_;
  bytes_ += bytes;
  progress_.file_done();
  if (style_.json) {
    print_json({{"event", "copied"}, {"from", from}, {"to", to}, {"bytes", bytes}});
  } else if (!terminal_ && !style_.quiet) {
    line(fmt::format("{} -> {} ({})", printable(from), printable(to), byte_count(bytes)));
  }
}

void Report::removed(const std::string& path) {
  ++removed_;
  if (style_.json) {
    print_json({{"event", "removed"}, {"path", path}});
  } else if (!terminal_ && !style_.quiet) {
    line(printable(path) + " removed");
  }
}

void Report::failed(const std::string& text) {
  ++failures_;
  if (style_.json) print_json({{"event", "failed"}, {"message", text}});
  line(fmt::format("hawser {}: {}", style_.command, text));
}

void Report::would(const char* action, const std::string& path) {
  dry_ = true;
  if (style_.json) {
    print_json({{"event", "would"}, {"action", action}, {"path", path}});
  } else {
    progress_.wipe();
    fmt::print("{} {}\n", action, printable(path));
  }
}

void Report::finish() {
  progress_.end();
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  if (style_.json) {
    print_json({{"event", "summary"},
                {"files", files_},
                {"bytes", bytes_},
                {"unchanged", unchanged_},
                {"left_out", left_out_},
                {"removed", removed_},
                {"failed", failures_},
                {"seconds", seconds}});
  } else if (!style_.quiet && !dry_) {
    std::string text = fmt::format("{}, {} in {:.1f} s", files_text(files_), byte_count(bytes_), seconds);
    if (unchanged_ != 0) text += fmt::format("; {} the same already", unchanged_);
    if (removed_ != 0) text += fmt::format("; {} removed", removed_);
    if (left_out_ != 0) text += fmt::format("; {} left out (links and special files)", left_out_);
    line(text);
  }
  if (failures_ != 0) {
    throw Failure{operation_failed, fmt::format("{} failed; all others are done", files_text(failures_))};
  }
}

}  // namespace hawser::tools
