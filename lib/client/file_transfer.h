// One file between the server and an open local file: what single files and whole trees have in common.
#pragma once

#include "client/local_file.h"
#include "hawser/client/sftp_client.h"

namespace hawser::client {

// Downloads into `local` and closes it; the bytes that were moved.
Awaitable<SFTPResult<std::uint64_t>> fetch(SFTPClient& client, std::string remote, LocalFile& local,
                                           TransferOptions options);
// Uploads `local` into a file opened with `flags`.
Awaitable<SFTPResult<std::uint64_t>> store(SFTPClient& client, LocalFile& local, std::string remote,
                                           std::uint32_t flags, TransferOptions options);
// Access rights and times of `attributes` on a local file or directory, as far as they are there.
void preserve_locally(int fd, const sftp::Attributes& attributes);

}  // namespace hawser::client
