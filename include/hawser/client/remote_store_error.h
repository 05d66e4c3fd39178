// How a Backend fails. The family is flat: every concrete error derives directly from RemoteStoreError, so that a
// handler for one never catches another. A Backend throws these and nothing else, besides std::invalid_argument for an
// argument that is wrong in itself.
//
//   try { backend.read_bytes("reports/may.csv"); }
//   catch (const NotFound& error) { log(error.path()); }
#pragma once

#include <stdexcept>
#include <string>

#include "hawser/wire/errc.h"

namespace hawser::client {

// What an error is about; empty where it is about nothing of the kind.
struct ErrorSubject {
  std::string path;     // the key as the caller gave it
  std::string backend;  // "sftp"
};

// The base, and what is thrown for a failure of no particular kind (no space, an I/O error of the server). what() names
// every attribute that is not empty, and is never empty itself.
class RemoteStoreError : public std::runtime_error {
 public:
  explicit RemoteStoreError(const std::string& message, ErrorSubject subject = {});
  const std::string& path() const { return subject_.path; }
  const std::string& backend() const { return subject_.backend; }

 private:
  ErrorSubject subject_;
};

class NotFound : public RemoteStoreError {
 public:
  using RemoteStoreError::RemoteStoreError;
};

class AlreadyExists : public RemoteStoreError {
 public:
  using RemoteStoreError::RemoteStoreError;
};

class PermissionDenied : public RemoteStoreError {
 public:
  using RemoteStoreError::RemoteStoreError;
};

// Malformed or unsafe, or of the wrong kind: a directory where a file is needed, a file as a directory, the root as a
// file.
class InvalidPath : public RemoteStoreError {
 public:
  using RemoteStoreError::RemoteStoreError;
};

class DirectoryNotEmpty : public RemoteStoreError {
 public:
  using RemoteStoreError::RemoteStoreError;
};

// Thrown before any I/O.
class CapabilityNotSupported : public RemoteStoreError {
 public:
  explicit CapabilityNotSupported(std::string capability, ErrorSubject subject = {});
  const std::string& capability() const { return capability_; }  // "glob", "user_metadata", "unwrap"

 private:
  std::string capability_;
};

// No connection, or it broke under way: what was asked for may have been done in part, or in whole.
class BackendUnavailable : public RemoteStoreError {
 public:
  BackendUnavailable(const std::string& message, Errc reason, ErrorSubject subject = {});
  // connect_failed, host_not_found, host_key_rejected, authentication_failed, no_common_kex, timed_out, end_of_file,
  // ...
  Errc reason() const { return reason_; }

 private:
  Errc reason_;
};

}  // namespace hawser::client
