// One file between the server and an open local file: what single files and whole trees have in common.
#pragma once

#include "client/local_file.h"
#include "hawser/client/sftp_client.h"

namespace hawser::client {

// Downloads into `local`, which must be open for writing, and closes it; the bytes that were moved. With
// options.resume from its end on, else from options.offset.
Awaitable<SFTPResult<std::uint64_t>> fetch(SFTPClient& client, std::string remote, LocalFile& local,
                                           TransferOptions options);
// Uploads `local`; with options.resume from the end of the remote file on, else from options.offset.
Awaitable<SFTPResult<std::uint64_t>> store(SFTPClient& client, LocalFile& local, std::string remote,
                                           TransferOptions options);
// Access rights and times of `attributes` on a local file or directory, as far as they are there.
void preserve_locally(int fd, const sftp::Attributes& attributes);

}  // namespace hawser::client
