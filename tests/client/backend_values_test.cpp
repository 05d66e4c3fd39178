#include <doctest/doctest.h>

#include <sstream>

#include "hawser/client/backend.h"
#include "hawser/client/pem.h"
#include "hawser/client/retry_policy.h"
#include "hawser/client/secret.h"
#include "hawser/crypto/keys.h"
#include "support/test_keys.h"

using namespace hawser;
using namespace hawser::client;
using namespace std::chrono_literals;

namespace {

template <class E>
void check_direct_child() {
  CHECK(std::is_base_of_v<RemoteStoreError, E>);
  // Caught as another concrete error, it would be a child of that one.
  CHECK(std::is_base_of_v<NotFound, E> == std::is_same_v<NotFound, E>);
  CHECK(std::is_base_of_v<BackendUnavailable, E> == std::is_same_v<BackendUnavailable, E>);
  CHECK(std::is_base_of_v<InvalidPath, E> == std::is_same_v<InvalidPath, E>);
}

}  // namespace

TEST_CASE("[ERR-008] the error family is flat") {
  check_direct_child<NotFound>();
  check_direct_child<AlreadyExists>();
  check_direct_child<PermissionDenied>();
  check_direct_child<InvalidPath>();
  check_direct_child<CapabilityNotSupported>();
  check_direct_child<BackendUnavailable>();
  check_direct_child<DirectoryNotEmpty>();
}

TEST_CASE(
    "[ERR-001, ERR-006, ERR-007, ERR-009] an error's text is never empty, names what is known, and is safe to print") {
  CHECK_FALSE(std::string(RemoteStoreError("").what()).empty());
  CHECK_FALSE(std::string(BackendUnavailable("", Errc::timed_out).what()).empty());
  const NotFound error("gone", {.path = "a/b\x1b[2J", .backend = "sftp"});
  const std::string text = error.what();
  CHECK(text.find("gone") != std::string::npos);
  CHECK(text.find("a/b") != std::string::npos);
  CHECK(text.find("sftp") != std::string::npos);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(error.path() == "a/b\x1b[2J");
  CHECK(CapabilityNotSupported("glob").capability() == "glob");
  CHECK(BackendUnavailable("x", Errc::host_key_rejected).reason() == Errc::host_key_rejected);
}

TEST_CASE(
    "[CAP-002, CAP-003, CAP-004, CAP-005, CAP-006] a capability set knows its members, and requiring another one names "
    "it") {
  const CapabilitySet set{Capability::write, Capability::read, Capability::read, Capability::delete_};
  CHECK(set.size() == 3);
  CHECK(set.supports(Capability::read));
  CHECK_FALSE(set.supports(Capability::glob));
  CHECK_NOTHROW(set.require(Capability::delete_, "x"));
  try {
    set.require(Capability::atomic_write, "x");
    FAIL("not thrown");
  } catch (const CapabilityNotSupported& error) {
    CHECK(error.capability() == "atomic_write");
    CHECK(error.backend() == "x");
  }
  CHECK(std::is_const_v<std::remove_reference_t<decltype(*set.begin())>>);
  std::vector<std::string_view> names;
  for (const Capability capability : set) names.push_back(name_of(capability));
  CHECK(names == std::vector<std::string_view>{"read", "write", "delete"});
}

TEST_CASE("[CAP-001, GLOB-002] each capability has its name in lower case") {
  using enum Capability;
  const CapabilitySet all{read,
                          write,
                          delete_,
                          list,
                          move,
                          copy,
                          atomic_write,
                          atomic_move,
                          metadata,
                          glob,
                          seekable_read,
                          lazy_read,
                          write_result_native,
                          user_metadata};
  std::vector<std::string_view> names;
  for (const Capability capability : all) names.push_back(name_of(capability));
  CHECK(names == std::vector<std::string_view>{"read", "write", "delete", "list", "move", "copy", "atomic_write",
                                               "atomic_move", "metadata", "glob", "seekable_read", "lazy_read",
                                               "write_result_native", "user_metadata"});
}

TEST_CASE("[BE-001] a Backend is an interface") {
  CHECK(std::is_abstract_v<Backend>);
  CHECK(std::has_virtual_destructor_v<Backend>);
}

TEST_CASE("[WR-005, WR-001a] a result that nobody has told more is basic, and results are equal by value") {
  const auto result_of = [](std::uint64_t size) {
    return WriteResult{.path = RemotePath("a"),
                       .size = size,
                       .last_modified = {},
                       .digest = {},
                       .etag = {},
                       .version_id = {},
                       .metadata = {}};
  };
  const WriteResult basic = result_of(5);
  CHECK(WriteResult{basic} == result_of(5));
  CHECK_FALSE(basic == result_of(6));
  CHECK(basic.source == WriteResult::Source::basic);
  CHECK_FALSE(basic.last_modified);
  CHECK_FALSE(basic.digest);
}

TEST_CASE("[SEC-001, SEC-002] a secret shows itself only when asked to, and does not change") {
  const Secret secret("hunter2");
  std::ostringstream out;
  out << secret;
  CHECK(out.str() == "***");
  CHECK(secret.reveal() == "hunter2");
  CHECK(std::is_same_v<decltype(std::declval<Secret&>().reveal()), std::string_view>);
  CHECK(secret == Secret("hunter2"));
  CHECK_FALSE(secret == Secret("hunter3"));
  CHECK(std::hash<Secret>()(secret) == std::hash<Secret>()(Secret("hunter2")));
  CHECK(static_cast<bool>(secret));
  CHECK_FALSE(static_cast<bool>(Secret()));
}

TEST_CASE("[RET-001, RET-003, RET-021] a retry policy has defaults, is compared and hashed by value") {
  const RetryPolicy policy;
  CHECK(policy.max_attempts == 3);
  CHECK(policy.backoff_base == 1s);
  CHECK(policy.backoff_max == 60s);
  CHECK(policy.jitter == 1s);
  CHECK_FALSE(policy.timeout);
  CHECK(policy == RetryPolicy());
  CHECK(std::hash<RetryPolicy>()(policy) == std::hash<RetryPolicy>()(RetryPolicy()));
  CHECK_FALSE(policy == RetryPolicy::disabled());
  CHECK(RetryPolicy::disabled().max_attempts == 1);
}

TEST_CASE("[RET-002] a retry policy that makes no sense is an invalid argument") {
  const auto refused = [](auto change) {
    RetryPolicy policy;
    change(policy);
    CHECK_THROWS_AS(policy.check(), std::invalid_argument);
  };
  refused([](RetryPolicy& p) { p.max_attempts = 0; });
  refused([](RetryPolicy& p) { p.backoff_base = -1ms; });
  refused([](RetryPolicy& p) { p.backoff_max = -1ms; });
  refused([](RetryPolicy& p) { p.jitter = -1ms; });
  refused([](RetryPolicy& p) { p.timeout = 0ms; });
  CHECK_NOTHROW(RetryPolicy().check());
}

TEST_CASE(
    "[SFTP-009] the waits between attempts double between their bounds, and end with the attempts or the timeout") {
  const RetryPolicy usual = RetryPolicy::usual();
  CHECK(usual.wait_after(1, 0s, 0.5) == 2000ms);
  CHECK(usual.wait_after(2, 2s, 0.5) == 2000ms);
  CHECK_FALSE(usual.wait_after(3, 4s, 0.5));

  RetryPolicy policy;
  policy.max_attempts = 100;
  CHECK(policy.wait_after(1, 0s, 0) == 1s);
  CHECK(policy.wait_after(3, 0s, 0) == 4s);
  CHECK(policy.wait_after(3, 0s, 0.5) == 4500ms);
  CHECK(policy.wait_after(50, 0s, 1) == 61s);
  policy.timeout = 10s;
  CHECK(policy.wait_after(3, 5s, 0) == 4s);
  CHECK_FALSE(policy.wait_after(3, 6s, 0));
}

TEST_CASE("[MOD-007] two file infos are equal when they are about the same path") {
  FileInfo a{.path = RemotePath("a/b"),
             .name = "b",
             .size = 1,
             .modified_at = {},
             .digest = {},
             .etag = {},
             .content_type = {},
             .extra = {},
             .metadata = {}};
  FileInfo b = a;
  b.size = 2;
  CHECK(a == b);
  CHECK(std::hash<FileInfo>()(a) == std::hash<FileInfo>()(b));
  b.path = RemotePath("a/c");
  CHECK_FALSE(a == b);
}

TEST_CASE(
    "[SEEK-003, SEEK-004, SEEK-007] a stream that cannot seek is spooled, in memory and beyond, and its source is "
    "closed") {
  class Forward final : public ReadStream {
   public:
    Forward(std::size_t size, bool& closed) : size_(size), closed_(closed) {}
    std::size_t read(MutableBytes into) override {
      const std::size_t count = std::min(into.size(), size_ - at_);
      for (std::size_t i = 0; i < count; ++i) into[i] = static_cast<std::uint8_t>((at_ + i) * 7 / 3);
      at_ += count;
      return count;
    }
    std::uint64_t tell() const override { return at_; }
    void close() override { closed_ = true; }

   private:
    std::size_t size_, at_ = 0;
    bool& closed_;
  };
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1000}, std::size_t{8 << 20}, std::size_t{(8 << 20) + 12345}}) {
    CAPTURE(size);
    bool closed = false;
    bool ignored = false;
    const std::unique_ptr<ReadStream> stream = spooled(std::make_unique<Forward>(size, closed));
    CHECK(closed);
    CHECK(stream->size() == size);
    const ByteVector all = stream->read_all();
    CHECK((all == Forward(size, ignored).read_all()));
    if (size < 1000) continue;
    stream->seek(size - 1000);
    CHECK(stream->read_all() == ByteVector(all.end() - 1000, all.end()));
  }
}

TEST_CASE("[SFTP-008] a PEM text whose newlines were replaced by one other character is mended") {
  const std::string good = test::ed25519_key().to_openssh(*crypto::system_random(), "c");
  const auto payload_with = [&](const std::string& separator) {
    const std::size_t begin = good.find("KEY-----") + 8;
    const std::size_t end = good.find("-----END");
    std::string payload;
    for (std::size_t i = begin; i < end; ++i) payload += good[i] == '\n' ? separator : std::string(1, good[i]);
    return good.substr(0, begin) + payload + good.substr(end);
  };
  for (const char* separator : {"\n", " ", "|", "\r\n", "\t", "_"}) {
    CAPTURE(separator);
    const std::string mended = sanitize_pem(payload_with(separator));
    CHECK(mended == good);
    CHECK(crypto::PrivateKey::from_text(mended).has_value());
  }
  std::string two = payload_with(" ");
  two[two.rfind(' ', two.find("-----END") - 2)] = '|';
  CHECK_THROWS_AS(sanitize_pem(two), std::invalid_argument);
  CHECK_THROWS_AS(sanitize_pem("no pem"), std::invalid_argument);
  CHECK_THROWS_AS(sanitize_pem(good + good), std::invalid_argument);
  CHECK_THROWS_AS(sanitize_pem(""), std::invalid_argument);
}
