#include "hawser/client/remote_store_error.h"

#include "hawser/wire/dump.h"

namespace hawser::client {
namespace {

std::string described(const std::string& message, const ErrorSubject& subject) {
  std::string text = message.empty() ? "the operation failed" : message;
  // Keys are bytes, and a log is no place for control characters.
  if (!subject.path.empty()) text += " (path: " + wire::escaped(subject.path, 4096) + ")";
  if (!subject.backend.empty()) text += " (backend: " + subject.backend + ")";
  return text;
}

}  // namespace

RemoteStoreError::RemoteStoreError(const std::string& message, ErrorSubject subject)
    : std::runtime_error(described(message, subject)), subject_(std::move(subject)) {}

CapabilityNotSupported::CapabilityNotSupported(std::string capability, ErrorSubject subject)
    : RemoteStoreError("not supported: " + capability, std::move(subject)), capability_(std::move(capability)) {}

BackendUnavailable::BackendUnavailable(const std::string& message, Errc reason, ErrorSubject subject)
    : RemoteStoreError(message.empty() ? "the backend is unavailable" : message, std::move(subject)), reason_(reason) {}

}  // namespace hawser::client
