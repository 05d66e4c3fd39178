// The codes of SSH_FXP_STATUS (filexfer-02 §7) and the English text that goes with each.
#pragma once

#include <cstdint>

namespace hawser::sftp {

enum class StatusCode : std::uint32_t {
  ok = 0,
  eof = 1,
  no_such_file = 2,
  permission_denied = 3,
  failure = 4,
  bad_message = 5,
  no_connection = 6,    // never sent by a server
  connection_lost = 7,  // never sent by a server
  op_unsupported = 8,
  // Codes of later versions (draft-ietf-secsh-filexfer-13 §9.1). A version 3 server must not send them, but some do.
  invalid_handle = 9,
  no_such_path = 10,
  file_already_exists = 11,
  write_protect = 12,
  no_media = 13,
  no_space_on_filesystem = 14,
  quota_exceeded = 15,
  unknown_principal = 16,
  lock_conflict = 17,
  dir_not_empty = 18,
  not_a_directory = 19,
  invalid_filename = 20,
  link_loop = 21,
  cannot_delete = 22,
  invalid_parameter = 23,
  file_is_a_directory = 24,
  byte_range_lock_conflict = 25,
  byte_range_lock_refused = 26,
  delete_pending = 27,
  file_corrupt = 28,
  owner_invalid = 29,
  group_invalid = 30,
  no_matching_byte_range_lock = 31,
};

// Stable English for any code, "Failure" for one that is not known. Without file names: what a peer may read.
const char* status_text(StatusCode);

}  // namespace hawser::sftp
