#include "client/sftp_failure.h"

namespace hawser::client {

using sftp::StatusCode;

bool is_missing(const SFTPError& error) {
  return error.is(StatusCode::no_such_file) || error.is(StatusCode::no_such_path) ||
         error.is(StatusCode::not_a_directory);
}

bool is_lost(const SFTPError& error) {
  // filexfer-02 §7: no server sends these two, but a proxy might.
  if (error.from_server()) return error.is(StatusCode::no_connection) || error.is(StatusCode::connection_lost);
  switch (error.code()) {
    case Errc::unsupported:  // an extension that the server has not offered
    case Errc::bad_value:    // a name that no directory can hold
    case Errc::invalid_argument:
    case Errc::file_error: return false;
    default: return true;
  }
}

bool is_unspecific(const SFTPError& error) {
  return error.is(StatusCode::failure) || error.is(StatusCode::file_already_exists) ||
         error.is(StatusCode::dir_not_empty) || error.is(StatusCode::file_is_a_directory) ||
         error.is(StatusCode::bad_message);
}

void raise(const SFTPError& error, ErrorSubject subject) {
  const std::string message = error.message();
  if (is_lost(error)) throw BackendUnavailable(message, error.code(), std::move(subject));
  if (!error.from_server()) throw RemoteStoreError(message, std::move(subject));
  switch (error.status()) {
    case StatusCode::no_such_file:
    case StatusCode::no_such_path: throw NotFound(message, std::move(subject));
    case StatusCode::permission_denied:
    case StatusCode::write_protect: throw PermissionDenied(message, std::move(subject));
    case StatusCode::file_already_exists: throw AlreadyExists(message, std::move(subject));
    case StatusCode::dir_not_empty: throw DirectoryNotEmpty(message, std::move(subject));
    case StatusCode::not_a_directory:
    case StatusCode::file_is_a_directory: throw InvalidPath(message, std::move(subject));
    default: throw RemoteStoreError(message, std::move(subject));
  }
}

}  // namespace hawser::client
