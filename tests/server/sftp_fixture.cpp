#include "sftp_fixture.h"

#include <sys/fsuid.h>
#include <sys/stat.h>
#include <unistd.h>

#include <asio/co_spawn.hpp>
#include <cstdlib>
#include <fstream>

namespace hawser::test {

namespace {

constexpr unsigned nobody = 65534;
constexpr auto patience = std::chrono::seconds(20);  // a reply that takes longer will not come

}  // namespace

// On Linux the file system ids are those of a thread, and dropping the user drops the capabilities over files with it.
AsOrdinaryUser::AsOrdinaryUser() {
  if (::geteuid() != 0) return;
  ::setfsgid(nobody);
  ::setfsuid(nobody);
}

AsOrdinaryUser::~AsOrdinaryUser() {
  if (::geteuid() != 0) return;
  ::setfsuid(0);
  ::setfsgid(0);
}

SftpFixture::SftpFixture() {
  std::string pattern = (std::filesystem::temp_directory_path() / "hawser-sftp-XXXXXX").string();
  REQUIRE(::mkdtemp(pattern.data()) != nullptr);
  root_ = pattern;
  REQUIRE(::chmod(root_.c_str(), 0777) == 0);
  ::umask(022);
  server::LocalOptions local;
  local.blocking.slow_call = std::chrono::hours(1);  // on this thread always, whose rights AsOrdinaryUser changes
  local.keep_special_bits = true;
  auto opened = server::LocalFileSystem::open(root_, local);
  REQUIRE(opened);
  files = *opened;
  std::tie(client_end_, server_end_) = MemoryChannel::pair(io_.get_executor());
}

SftpFixture::~SftpFixture() {
  if (server_ && !ended_) {
    server_end_->end();
    run_ready();
  }
  std::error_code ignored;
  std::filesystem::remove_all(root_, ignored);
}

void SftpFixture::start_silently() {
  if (server_) return;
  if (make_) {
    server_ = make_(server_end_);
  } else {
    server_ = std::make_unique<server::SFTPServer>(server_end_, files, options);
  }
  asio::co_spawn(io_, server_->run(), [this](std::exception_ptr exception, Result<void> result) {
    REQUIRE(exception == nullptr);
    ended_ = result;
  });
}

void SftpFixture::start() {
  start_silently();
  if (initialised_) return;
  initialised_ = true;
  send(sftp::Init{});
  CHECK(next_reply().type() == sftp::Version::number);
}

bool SftpFixture::has_reply() {
  while (std::optional<Payload> piece = client_end_->try_receive()) {
    received_.insert(received_.end(), piece->bytes().begin(), piece->bytes().end());
  }
  return received_.size() >= 4 && received_.size() - 4 >= wire::load_uint32(received_.data());
}

RawReply SftpFixture::next_reply() {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  io_.restart();
  while (!has_reply()) {
    REQUIRE_FALSE(ended_.has_value());
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    io_.run_one_for(patience);
  }
  const auto end = received_.begin() + 4 + static_cast<std::ptrdiff_t>(wire::load_uint32(received_.data()));
  RawReply reply{ByteVector(received_.begin() + 4, end)};
  received_.erase(received_.begin(), end);
  return reply;
}

Result<void> SftpFixture::finish() {
  server_end_->end();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  io_.restart();
  while (!ended_) {
    REQUIRE(std::chrono::steady_clock::now() < deadline);
    io_.run_one_for(patience);
  }
  return *ended_;
}

StatusCode SftpFixture::status_of(const RawReply& reply) {
  const auto status = wire::decode<sftp::Status>(reply.message);
  REQUIRE(status);
  CHECK_FALSE(status->message.text.empty());
  CHECK(status->message.text.find(root_) == std::string_view::npos);  // no path of the server's may leak
  return static_cast<StatusCode>(status->code);
}

std::string SftpFixture::open(std::string_view path, std::uint32_t pflags, sftp::Attributes attributes) {
  const RawReply reply = ask(sftp::Open{.filename = path, .pflags = pflags, .attrs = attributes});
  const auto handle = wire::decode<sftp::Handle>(reply.message);
  REQUIRE(handle);
  return std::string(handle->handle.text);
}

StatusCode SftpFixture::open_status(std::string_view path, std::uint32_t pflags, sftp::Attributes attributes) {
  return status(sftp::Open{.filename = path, .pflags = pflags, .attrs = attributes});
}

std::string SftpFixture::opendir(std::string_view path) {
  const RawReply reply = ask(sftp::Opendir{.path = path});
  const auto handle = wire::decode<sftp::Handle>(reply.message);
  REQUIRE(handle);
  return std::string(handle->handle.text);
}

StatusCode SftpFixture::close(std::string_view handle) { return status(sftp::Close{.handle = handle}); }

std::optional<std::string> SftpFixture::read(std::string_view handle, std::uint64_t offset, std::uint32_t length) {
  const RawReply reply = ask(sftp::Read{.handle = handle, .offset = offset, .length = length});
  if (reply.type() == sftp::Status::number) {
    CHECK(status_of(reply) == StatusCode::eof);
    return std::nullopt;
  }
  const auto data = wire::decode<sftp::Data>(reply.message);
  REQUIRE(data);
  return to_string(data->data);
}

StatusCode SftpFixture::read_status(std::string_view handle, std::uint64_t offset, std::uint32_t length) {
  return status(sftp::Read{.handle = handle, .offset = offset, .length = length});
}

StatusCode SftpFixture::write(std::string_view handle, std::uint64_t offset, std::string_view data) {
  return status(sftp::Write{.handle = handle, .offset = offset, .data = as_bytes(data)});
}

sftp::Attributes SftpFixture::attributes_of(const RawReply& reply) {
  const auto attrs = wire::decode<sftp::Attrs>(reply.message);
  REQUIRE(attrs);
  return attrs->attrs;
}

std::string SftpFixture::name(const RawReply& reply) {
  const auto names = wire::decode<sftp::Name>(reply.message);
  REQUIRE(names);
  REQUIRE(names->entries.size() == 1);
  return std::string(names->entries.begin()->filename);
}

std::optional<std::vector<std::pair<std::string, ListedName>>> SftpFixture::readdir(std::string_view handle) {
  const RawReply reply = ask(sftp::Readdir{.handle = handle});
  if (reply.type() == sftp::Status::number) {
    CHECK(status_of(reply) == StatusCode::eof);
    return std::nullopt;
  }
  CHECK(reply.message.size() <= 256 * 1024);
  const auto names = wire::decode<sftp::Name>(reply.message);
  REQUIRE(names);
  CHECK_FALSE(names->entries.empty());
  std::vector<std::pair<std::string, ListedName>> out;
  for (const sftp::NameEntry& entry : names->entries) {
    out.emplace_back(std::string(entry.filename), ListedName{std::string(entry.longname), entry.attributes});
  }
  return out;
}

std::map<std::string, ListedName> SftpFixture::list(std::string_view path) {
  const std::string handle = opendir(path);
  std::map<std::string, ListedName> out;
  while (const auto names = readdir(handle)) {
    for (const auto& [name, listed] : *names) CHECK(out.emplace(name, listed).second);  // every name once
  }
  CHECK_FALSE(readdir(handle).has_value());
  CHECK(close(handle) == StatusCode::ok);
  return out;
}

void SftpFixture::put(std::string_view name, std::string_view contents, std::uint32_t mode) {
  std::ofstream file(local(name), std::ios::binary);
  file << contents;
  file.close();
  REQUIRE(file.good());
  REQUIRE(::chmod(local(name).c_str(), mode) == 0);
}

std::string SftpFixture::get(std::string_view name) const {
  std::ifstream file(local(name), std::ios::binary);
  REQUIRE(file.is_open());
  return {std::istreambuf_iterator<char>(file), {}};
}

bool SftpFixture::exists(std::string_view name) const {
  return std::filesystem::exists(std::filesystem::symlink_status(local(name)));
}

std::uint32_t SftpFixture::mode(std::string_view name) const {
  struct stat attributes {};
  REQUIRE(::lstat(local(name).c_str(), &attributes) == 0);
  return attributes.st_mode;
}

void SftpFixture::make_directory(std::string_view name, std::uint32_t mode) {
  REQUIRE(::mkdir(local(name).c_str(), 0700) == 0);
  REQUIRE(::chmod(local(name).c_str(), mode) == 0);
}

void SftpFixture::link(std::string_view target, std::string_view name) {
  REQUIRE(::symlink(std::string(target).c_str(), local(name).c_str()) == 0);
}

}  // namespace hawser::test
