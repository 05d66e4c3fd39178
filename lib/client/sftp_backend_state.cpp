#include "client/sftp_backend_state.h"

#include <algorithm>
#include <array>

#include "hawser/wire/dump.h"

namespace hawser::client {

BackendLink::Acquired SFTPBackend::State::acquire(std::string_view key) {
  try {
    return link.acquire();
  } catch (const BackendUnavailable& error) {
    throw BackendUnavailable(error.what(), error.reason(), subject(key));
  }
}

RemotePath SFTPBackend::State::path_of(std::string_view key) const {
  try {
    return RemotePath::parse(key);
  } catch (const InvalidPath&) {
    throw InvalidPath("not a valid path", subject(key));
  }
}

RemotePath SFTPBackend::State::file_path(std::string_view key) const {
  RemotePath path = path_of(key);
  if (path.is_root()) throw InvalidPath("the root is a folder", subject(key));
  return path;
}

std::string SFTPBackend::State::native(const RemotePath& path) const {
  if (path.is_root()) return options.base_path;
  return options.base_path == "/" ? "/" + path.text() : options.base_path + "/" + path.text();
}

void SFTPBackend::State::need_file(const sftp::Attributes& attributes, const ErrorSubject& subject) const {
  if (sftp::is_directory(attributes)) throw InvalidPath("it is a folder", subject);
  // A server that tells no type tells us nothing against it either.
  if (sftp::type_of(attributes) != 0 && !sftp::is_regular(attributes))
    throw InvalidPath("it is no regular file", subject);
}

std::optional<std::vector<Child>> SFTPBackend::State::children(RemoteOperation& operation,
                                                               const std::string& native_folder) {
  std::optional<std::vector<DirectoryEntry>> entries = operation.list(native_folder);
  if (!entries) return std::nullopt;
  std::vector<Child> children;
  std::vector<std::string> unclear;  // links, and what the server tells no type of
  std::vector<std::size_t> unclear_at;
  for (DirectoryEntry& entry : *entries) {
    if (entry.name.find('\\') != std::string::npos) {
      warn("skipped a name that is no key: " + wire::escaped(entry.name));
      continue;
    }
    const bool is_link = sftp::is_symlink(entry.attributes);
    if (is_link || sftp::type_of(entry.attributes) == 0) {
      unclear.push_back((native_folder == "/" ? "" : native_folder) + "/" + entry.name);
      unclear_at.push_back(children.size());
    }
    children.push_back({std::move(entry.name), entry.attributes, is_link});
  }
  const std::vector<std::optional<sftp::Attributes>> clear = operation.find_all(unclear);
  for (std::size_t i = 0; i < clear.size(); ++i) {
    // Without type bits it is neither file nor folder, and is left out.
    children[unclear_at[i]].attributes = clear[i].value_or(sftp::Attributes());
  }
  return children;
}

void SFTPBackend::State::warn(const std::string& line) const {
  if (options.on_warning) options.on_warning(line);
}

std::optional<TimeStamp> modified_at(const sftp::Attributes& attributes) {
  if (!attributes.times) return std::nullopt;
  return std::chrono::system_clock::from_time_t(static_cast<std::time_t>(attributes.times->mtime));
}

FileInfo file_info(const RemotePath& path, const sftp::Attributes& attributes) {
  FileInfo info{.path = path,
                .name = std::string(path.name()),
                .size = attributes.size.value_or(0),
                .modified_at = modified_at(attributes),
                .digest = {},
                .etag = {},
                .content_type = {},
                .extra = {},
                .metadata = {}};
  return info;
}

std::string native_parent(const std::string& native_path) {
  const std::size_t slash = native_path.rfind('/');
  if (slash == std::string::npos) return {};
  return slash == 0 ? "/" : native_path.substr(0, slash);
}

std::string temporary_sibling(const std::string& native_file, std::string_view prefix) {
  constexpr std::size_t longest_name = 255;
  constexpr std::string_view digits = "0123456789abcdef";
  const std::size_t slash = native_file.rfind('/');
  const std::size_t begin = slash == std::string::npos ? 0 : slash + 1;
  const std::size_t room = longest_name - prefix.size() - 9;
  std::string sibling = native_file.substr(0, begin);
  sibling.append(prefix).append(native_file.substr(begin, room)).append(1, '.');
  std::array<std::uint8_t, 4> random{};
  crypto::system_random()->fill(random);
  for (const std::uint8_t byte : random) sibling.append({digits[byte >> 4], digits[byte & 15]});
  return sibling;
}

}  // namespace hawser::client
