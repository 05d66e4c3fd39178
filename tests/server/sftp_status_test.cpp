#include "hawser/server/sftp_status.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <set>
#include <string>

using namespace hawser;
using server::FileError;
using sftp::StatusCode;

TEST_CASE("file errors: each has its SFTP status (filexfer-02 §7) and a text of its own") {
  const struct {
    FileError error;
    StatusCode status;
  } table[] = {
      {FileError::not_found, StatusCode::no_such_file},
      {FileError::parent_missing, StatusCode::no_such_file},
      {FileError::permission_denied, StatusCode::permission_denied},
      {FileError::read_only, StatusCode::permission_denied},
      {FileError::unsupported, StatusCode::op_unsupported},
      {FileError::already_exists, StatusCode::failure},
      {FileError::not_empty, StatusCode::failure},
      {FileError::wrong_type, StatusCode::failure},
      {FileError::remove_root, StatusCode::failure},
      {FileError::no_space, StatusCode::failure},
      {FileError::invalid_path, StatusCode::bad_message},
      {FileError::name_too_long, StatusCode::failure},
      {FileError::loop, StatusCode::no_such_file},
      {FileError::too_many_open, StatusCode::failure},
      {FileError::cross_device, StatusCode::failure},
      {FileError::busy, StatusCode::permission_denied},
      {FileError::end_of_file, StatusCode::eof},
      {FileError::closed, StatusCode::failure},
      {FileError::failed, StatusCode::failure},
  };
  std::set<std::string> texts;
  for (const auto& row : table) {
    CAPTURE(server::text_of(row.error));
    CHECK(server::status_code(row.error) == row.status);
    CHECK(texts.insert(server::text_of(row.error)).second);
  }
  CHECK(texts.size() == static_cast<std::size_t>(FileError::failed) + 1);
}

TEST_CASE("[defect 15] file errors: errno has one meaning") {
  const struct {
    int number;
    FileError error;
  } table[] = {
      {ENOENT, FileError::not_found},
      {ESRCH, FileError::not_found},
      {EACCES, FileError::permission_denied},
      {EPERM, FileError::permission_denied},
      {EROFS, FileError::read_only},
      {EEXIST, FileError::already_exists},
      {ENOTEMPTY, FileError::not_empty},
      {ENOTDIR, FileError::wrong_type},
      {EISDIR, FileError::wrong_type},
      {EINVAL, FileError::wrong_type},
      {ENOSPC, FileError::no_space},
      {EDQUOT, FileError::no_space},
      {EFBIG, FileError::no_space},
      {ENAMETOOLONG, FileError::name_too_long},
      {EILSEQ, FileError::invalid_path},
      {ELOOP, FileError::loop},
      {EMFILE, FileError::too_many_open},
      {ENFILE, FileError::too_many_open},
      {EXDEV, FileError::cross_device},
      {EBUSY, FileError::busy},
      {ETXTBSY, FileError::busy},
      {EBADF, FileError::closed},
      {EOPNOTSUPP, FileError::unsupported},
      {ENOSYS, FileError::unsupported},
      {EIO, FileError::failed},
      {0, FileError::failed},
  };
  for (const auto& row : table) {
    CAPTURE(row.number);
    CHECK(server::file_error_of_errno(row.number) == row.error);
  }
}
