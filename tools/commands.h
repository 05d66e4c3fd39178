// The commands of `hawser`. Each does its work, tells problems on standard error, and gives the exit code.
#pragma once

#include "exit_code.h"
#include "options.h"

namespace hawser::tools {

int serve(const ServeOptions& options);
int make_password_hash(const PasswdOptions& options);
int sftp_server(const SftpServerOptions& options);

int keygen(const KeygenOptions& options);
int keyscan(const KeyscanOptions& options);

int get(const TransferOptions& options);
int put(const TransferOptions& options);
int sync(const SyncOptions& options);

int ls(const ListOptions& options);
int stat(const QueryOptions& options);
int df(const QueryOptions& options);

int cat(const RemoteOptions& options);
int mkdir(const RemoteOptions& options);
int rm(const RemoteOptions& options);
int mv(const RemoteOptions& options);
int ln(const RemoteOptions& options);
int chmod(const RemoteOptions& options);

}  // namespace hawser::tools
