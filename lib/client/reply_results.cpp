#include "client/sftp_session.h"

namespace hawser::client {

SFTPError failure_of(const sftp::Reply& reply) {
  if (const auto* status = std::get_if<sftp::Status>(&reply.body)) {
    return {static_cast<sftp::StatusCode>(status->code), std::string(status->message.text)};
  }
  if (const auto* error = std::get_if<Error>(&reply.body)) return *error;
  return Error(Errc::unexpected_reply, "SFTP reply");
}

SFTPResult<void> status_of(const sftp::Reply& reply) {
  if (reply.is_ok()) return {};
  return failure_of(reply);
}

SFTPResult<sftp::Attributes> attributes_of(const sftp::Reply& reply) {
  if (const auto* attrs = std::get_if<sftp::Attrs>(&reply.body)) return attrs->attrs;
  return failure_of(reply);
}

SFTPResult<std::string> handle_of(const sftp::Reply& reply) {
  if (const auto* handle = std::get_if<sftp::Handle>(&reply.body)) return std::string(handle->handle.text);
  return failure_of(reply);
}

// filexfer-02 §6.11, §6.10: the reply to REALPATH and READLINK is a NAME with exactly one entry.
SFTPResult<std::string> single_name_of(const sftp::Reply& reply) {
  const auto* name = std::get_if<sftp::Name>(&reply.body);
  if (name == nullptr) return failure_of(reply);
  if (name->entries.size() != 1) return Error(Errc::unexpected_reply, "NAME must have one entry");
  return std::string(name->entries.begin()->filename);
}

SFTPResult<sftp::FileSystemStatistics> statistics_of(const sftp::Reply& reply) {
  const auto* extended = std::get_if<sftp::ExtendedReply>(&reply.body);
  if (extended == nullptr) return failure_of(reply);
  wire::Reader reader(extended->body.bytes);
  sftp::FileSystemStatistics statistics;
  wire::Codec<sftp::FileSystemStatistics>::read(reader, statistics);
  if (Result<void> end = reader.finish(); !end) return end.error();
  return statistics;
}

}  // namespace hawser::client
