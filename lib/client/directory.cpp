#include <deque>

#include "client/sftp_session.h"
#include "hawser/sftp/path.h"

namespace hawser::client {
namespace {

constexpr std::size_t read_ahead = 4;  // READDIRs under way: the next replies travel while one is looked at
// NAMEs in a row with nothing but "." and "..": the server does not mean to end.
constexpr int idle_replies = 16;

// A name must stay where it is put: with `/` or NUL it would mean another file. "." and ".." are only in the way.
Result<void> append_entries(const sftp::Name& name, std::vector<DirectoryEntry>& out) {
  // filexfer-02 §6.7: one entry or more. A server that sends none for ever would never let us go.
  if (name.entries.empty()) return Error(Errc::unexpected_reply, "empty SSH_FXP_NAME");
  for (const sftp::NameEntry& entry : name.entries) {
    if (entry.filename == "." || entry.filename == "..") continue;
    const bool leads_elsewhere = entry.filename.find('/') != std::string_view::npos ||
                                 entry.filename.find('\0') != std::string_view::npos || entry.filename.empty();
    if (leads_elsewhere) return Error(Errc::bad_value, "name in a directory");
    out.push_back({std::string(entry.filename), entry.attributes});
  }
  return {};
}

}  // namespace

struct Directory::State {
  std::shared_ptr<SFTPSession> session;
  std::string handle;
  std::deque<ReplyWaiter> waiters;  // in the order of the requests
  bool ended = false;
  int replies_without_entries = 0;

  ~State() { session->post_and_forget(sftp::Close{.handle = handle}); }

  void ask() {
    while (!ended && waiters.size() < read_ahead && session->has_room()) {
      session->post(sftp::Readdir{.handle = handle}, waiters.emplace_back());
    }
  }
};

Directory::Directory(std::shared_ptr<State> state) : state_(std::move(state)) {}
Directory::Directory(Directory&&) noexcept = default;
Directory& Directory::operator=(Directory&&) noexcept = default;
Directory::~Directory() = default;

Awaitable<SFTPResult<std::vector<DirectoryEntry>>> Directory::next() {
  const std::shared_ptr<State> state = state_;
  std::vector<DirectoryEntry> entries;
  while (!state->ended && entries.empty()) {
    state->ask();
    if (state->waiters.empty()) {
      if (const Result<void> room = co_await state->session->wait_for_room(); !room) co_return room.error();
      continue;
    }
    const sftp::Reply reply = co_await state->waiters.front().wait();
    state->waiters.pop_front();
    if (const auto* name = std::get_if<sftp::Name>(&reply.body)) {
      Result<void> good = append_entries(*name, entries);
      state->replies_without_entries = entries.empty() ? state->replies_without_entries + 1 : 0;
      if (good && state->replies_without_entries == idle_replies) good = Error(Errc::unexpected_reply, "endless NAMEs");
      if (good) continue;
      state->ended = true;
      co_return good.error();
    }
    state->ended = true;
    const SFTPError error = failure_of(reply);
    if (!error.is(sftp::StatusCode::eof)) co_return error;
  }
  co_return entries;
}

Awaitable<SFTPResult<Directory>> SFTPClient::open_directory(std::string path) {
  const std::shared_ptr<SFTPSession> session = session_;
  const sftp::Reply reply = co_await session->request(sftp::Opendir{.path = path});
  SFTPResult<std::string> handle = handle_of(reply);
  if (!handle) co_return handle.error();
  auto state = std::make_shared<Directory::State>();
  state->session = session;
  state->handle = std::move(*handle);
  state->ask();
  co_return Directory(std::move(state));
}

Awaitable<SFTPResult<std::vector<DirectoryEntry>>> SFTPClient::list(std::string path) {
  const std::shared_ptr<SFTPSession> session = session_;
  SFTPResult<Directory> directory = co_await open_directory(std::move(path));
  if (!directory) co_return directory.error();
  std::vector<DirectoryEntry> all;
  while (true) {
    SFTPResult<std::vector<DirectoryEntry>> part = co_await directory->next();
    if (!part) co_return part.error();
    if (part->empty()) break;
    if (all.size() + part->size() > session->list_limit()) co_return Error(Errc::message_too_large, "directory");
    all.insert(all.end(), std::make_move_iterator(part->begin()), std::make_move_iterator(part->end()));
  }
  co_return all;
}

}  // namespace hawser::client
