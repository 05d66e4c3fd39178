#include "hawser/client/sftp_error.h"

#include "hawser/wire/dump.h"

namespace hawser::client {
namespace {

Errc code_of(sftp::StatusCode status) {
  switch (status) {
    case sftp::StatusCode::eof: return Errc::end_of_file;
    case sftp::StatusCode::no_such_file:
    case sftp::StatusCode::no_such_path: return Errc::not_found;
    case sftp::StatusCode::permission_denied:
    case sftp::StatusCode::write_protect: return Errc::permission_denied;
    case sftp::StatusCode::op_unsupported: return Errc::unsupported;
    default: return Errc::request_refused;
  }
}

}  // namespace

SFTPError::SFTPError(sftp::StatusCode status, std::string text)
    : error_(code_of(status), sftp::status_text(status)),
      from_server_(true),
      status_(status),
      text_(wire::escaped(text)) {}

std::string SFTPError::message() const {
  if (!from_server_) return text_.empty() ? error_.message() : text_;
  const std::string meaning = sftp::status_text(status_);
  if (text_.empty() || text_ == meaning) return meaning;
  return meaning + ": " + text_;
}

}  // namespace hawser::client
