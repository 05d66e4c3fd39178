// The file system that the cases of the suite try, as plain calls that say where they failed.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "hawser/server/file_system.h"
#include "hawser/server/sftp_status.h"
#include "support/run.h"

namespace hawser::test {

using server::FileError;
using server::FileResult;
using server::OpenMode;
using sftp::Attributes;

inline constexpr OpenMode for_reading{.read = true};
inline constexpr OpenMode for_writing{.write = true};
inline constexpr OpenMode for_both{.read = true, .write = true};
inline constexpr OpenMode to_make{.write = true, .create = true};
inline constexpr OpenMode to_overwrite{.write = true, .create = true, .truncate = true};

// Whether two errors must be the same, or only look the same to an SFTP client, for a file system at the far end of a
// session; or be what OpenSSH's sftp-server makes of them (doc/differences.md).
enum class ErrorsAs { file_error, sftp_status, openssh_status };

// The status codes of OpenSSH for what we tell by `error`, which is often less than it knows: it goes by errno alone.
inline std::vector<sftp::StatusCode> openssh_statuses(FileError error) {
  using sftp::StatusCode;
  switch (error) {
    // ENOTDIR, EISDIR, EINVAL
    case FileError::wrong_type: return {StatusCode::no_such_file, StatusCode::failure, StatusCode::bad_message};
    case FileError::name_too_long: return {StatusCode::bad_message};
    // ENOSPC and EFBIG, or EINVAL for an offset that is negative to the system
    case FileError::no_space: return {StatusCode::failure, StatusCode::bad_message};
    default: return {server::status_code(error)};
  }
}

// The line of the call that has this as its default argument; clang 14 lacks std::source_location.
class Where {
 public:
  static constexpr Where current(int line = __builtin_LINE()) { return Where(line); }
  constexpr int line() const { return line_; }

 private:
  constexpr explicit Where(int line) : line_(line) {}
  int line_;
};

class Subject {
 public:
  explicit Subject(server::FileSystem& file_system, ErrorsAs errors = ErrorsAs::file_error)
      : fs(file_system), errors_(errors) {}

  // The value; ends the case if there is none.
  template <class T>
  T value(FileResult<T> result, Where where = Where::current()) const {
    INFO("line ", where.line());
    if (!result) FAIL(server::text_of(result.error()));
    return std::move(*result);
  }

  template <class T>
  void succeeds(const FileResult<T>& result, Where where = Where::current()) const {
    INFO("line ", where.line());
    CHECK(outcome(result) == "success");
  }

  template <class T>
  void fails(const FileResult<T>& result, FileError expected, Where where = Where::current()) const {
    INFO("line ", where.line());
    if (errors_ == ErrorsAs::openssh_status) {
      const std::vector<sftp::StatusCode> accepted = openssh_statuses(expected);
      const bool as_expected =
          !result && std::count(accepted.begin(), accepted.end(), server::status_code(result.error())) != 0;
      CHECK_MESSAGE(as_expected, outcome(result), " where we give ", server::text_of(expected));
    } else {
      CHECK(outcome(result) == text(expected));
    }
  }

  std::unique_ptr<server::File> open(const std::string& path, OpenMode mode, Attributes create = {},
                                     Where where = Where::current()) const {
    return value(run(fs.open(path, mode, create)), where);
  }

  void write(server::File& file, std::uint64_t offset, std::string_view text, Where where = Where::current()) const {
    const Bytes area = as_bytes(text);
    succeeds(run(file.write_at(offset, std::span(&area, 1))), where);
  }

  FileResult<std::string> try_read(server::File& file, std::uint64_t offset, std::size_t count) const {
    std::string text(count, '\xee');
    const MutableBytes area{reinterpret_cast<std::uint8_t*>(text.data()), text.size()};
    const FileResult<std::size_t> n = run(file.read_at(offset, std::span(&area, 1)));
    if (!n) return n.error();
    text.resize(*n);
    return text;
  }

  std::string read(server::File& file, std::uint64_t offset, std::size_t count, Where where = Where::current()) const {
    return value(try_read(file, offset, count), where);
  }

  void put(const std::string& path, std::string_view text, Where where = Where::current()) const {
    const std::unique_ptr<server::File> file = open(path, to_overwrite, {}, where);
    write(*file, 0, text, where);
    succeeds(run(file->close()), where);
  }

  std::string get(const std::string& path, Where where = Where::current()) const {
    const std::unique_ptr<server::File> file = open(path, for_reading, {}, where);
    return read(*file, 0, 1 << 20, where);
  }

  void make_directory(const std::string& path, Where where = Where::current()) const {
    succeeds(run(fs.make_directory(path, {})), where);
  }

  Attributes stat(const std::string& path, Where where = Where::current()) const {
    return value(run(fs.stat(path)), where);
  }

  Attributes lstat(const std::string& path, Where where = Where::current()) const {
    return value(run(fs.lstat(path)), where);
  }

  bool exists(const std::string& path) const { return static_cast<bool>(run(fs.lstat(path))); }

  std::vector<server::DirectoryEntry> list(const std::string& path, std::size_t at_a_time = 7,
                                           Where where = Where::current()) const {
    const std::unique_ptr<server::Directory> directory = value(run(fs.open_directory(path)), where);
    std::vector<server::DirectoryEntry> all;
    for (;;) {
      const std::vector<server::DirectoryEntry> some = value(run(directory->next(at_a_time)), where);
      INFO("line ", where.line());
      CHECK(some.size() <= at_a_time);
      if (some.empty()) break;
      all.insert(all.end(), some.begin(), some.end());
    }
    CHECK(value(run(directory->next(1)), where).empty());  // and again after the end
    return all;
  }

  // Not at the far end of a session, which does not tell all there is to know.
  bool is_local() const { return errors_ == ErrorsAs::file_error; }

  server::FileSystem& fs;

 private:
  std::string text(FileError error) const {
    if (errors_ == ErrorsAs::file_error) return server::text_of(error);
    return sftp::status_text(server::status_code(error));
  }

  template <class T>
  std::string outcome(const FileResult<T>& result) const {
    return result ? "success" : text(result.error());
  }

  ErrorsAs errors_;
};

struct FileSystemCase {
  std::string name;
  void (*run)(const Subject&);
};

inline Attributes with_permissions(std::uint32_t permissions) {
  Attributes attributes;
  attributes.permissions = permissions;
  return attributes;
}

inline Attributes with_size(std::uint64_t size) {
  Attributes attributes;
  attributes.size = size;
  return attributes;
}

inline Attributes with_times(std::uint32_t atime, std::uint32_t mtime) {
  Attributes attributes;
  attributes.times = sftp::FileTimes{atime, mtime};
  return attributes;
}

inline std::uint32_t rights(const Attributes& attributes) {
  return attributes.permissions.value_or(0) & sftp::file_mode::permission_mask;
}

}  // namespace hawser::test
