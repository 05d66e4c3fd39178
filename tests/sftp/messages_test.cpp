// What every message must do, generated from the list of messages and their field lists.
#include "hawser/sftp/messages.h"

#include <doctest/doctest.h>

#include <set>

#include "hawser/wire/dump.h"
#include "sftp/sample_message.h"

using namespace hawser;
using namespace hawser::test;

namespace {

constexpr std::type_identity<AllMessages> all_messages;

// Where the length fields of the strings lie in an encoded message, and after how many bytes it may end early.
struct Layout {
  struct String {
    std::size_t offset;
    std::uint32_t length;
  };
  std::vector<String> strings;
  std::set<std::size_t> legal_ends;
  bool has_counts = false;
  std::size_t offset = 0;

  template <class T>
  void visit(const T& v) {
    const std::size_t size = wire::Codec<T>::size(v);
    if constexpr (wire::HasFields<T>) {
      std::apply([&](const auto&... f) { (visit(v.*f.member), ...); }, T::fields);
      return;
    } else if constexpr (std::is_same_v<T, std::string_view> || std::is_same_v<T, Bytes> ||
                         std::is_same_v<T, sftp::HandleView> || std::is_same_v<T, sftp::OptionalText>) {
      strings.push_back({offset, static_cast<std::uint32_t>(size - 4)});
      if constexpr (std::is_same_v<T, sftp::OptionalText>) legal_ends.insert(offset);
    } else if constexpr (std::is_same_v<T, wire::Rest>) {
      for (std::size_t i = 0; i < size; ++i) legal_ends.insert(offset + i);
    } else if constexpr (std::is_same_v<T, sftp::ExtensionPairs>) {
      std::size_t end = offset;
      for (const sftp::ExtensionPair& pair : v) {
        legal_ends.insert(end);
        end += wire::encoded_size(pair);
      }
    } else if constexpr (std::is_same_v<T, sftp::NameEntries>) {
      has_counts = true;
    }
    offset += size;
  }
};

template <class M>
Layout layout_of(const M& message) {
  Layout layout;
  layout.offset = 1;
  layout.visit(message);
  return layout;
}

}  // namespace

TEST_CASE("SFTP messages: each comes back from its bytes as it was (filexfer-02 §3)") {
  for_each_type(all_messages, []<class M>() {
    const M message = sample_message<M>();
    CAPTURE(wire::dump(message));
    const ByteVector bytes = wire::encode(message);
    CHECK(bytes.size() == wire::encoded_size(message));
    CHECK(bytes[0] == M::number);
    const Result<M> decoded = wire::decode<M>(bytes);
    REQUIRE(decoded);
    CHECK(wire::dump(*decoded) == wire::dump(message));
    CHECK(wire::encode(*decoded) == bytes);
  });
}

TEST_CASE("[CVE-2025-15661] SFTP messages: cut at any byte they are truncated, where the draft does not let them end") {
  for_each_type(all_messages, []<class M>() {
    const M message = sample_message<M>();
    CAPTURE(wire::dump(message));
    const ByteVector bytes = wire::encode(message);
    const Layout layout = layout_of(message);
    for (std::size_t size = 0; size < bytes.size(); ++size) {
      CAPTURE(size);
      const Result<M> decoded = wire::decode<M>(Bytes(bytes).first(size));
      CHECK(decoded.has_value() == layout.legal_ends.contains(size));
      if (decoded) continue;
      const Errc code = decoded.error().code();
      CHECK((code == Errc::truncated || (layout.has_counts && code == Errc::bad_value)));
    }
  });
}

TEST_CASE("SFTP messages: bytes behind the last field are refused") {
  for_each_type(all_messages, []<class M>() {
    const M message = sample_message<M>();
    const Layout layout = layout_of(message);
    ByteVector bytes = wire::encode(message);
    bytes.push_back(0);
    const Result<M> decoded = wire::decode<M>(bytes);
    CAPTURE(wire::dump(message));
    if constexpr (requires { message.body.bytes; }) {
      CHECK(decoded.has_value());  // the body of an extension that is not known has no form to check
    } else if constexpr (requires { message.extensions; }) {
      CHECK(decoded.error().code() == Errc::truncated);
    } else {
      CHECK(decoded.error().code() == Errc::trailing_bytes);
    }
  });
}

TEST_CASE("[CVE-2019-3855, CVE-2025-15661] string lengths that lie are refused in every message") {
  for_each_type(all_messages, []<class M>() {
    const M message = sample_message<M>();
    CAPTURE(wire::dump(message));
    const ByteVector bytes = wire::encode(message);
    for (const Layout::String& string : layout_of(message).strings) {
      for (const std::uint32_t length :
           {std::uint32_t{0}, string.length + 1, UINT32_C(0x7fffffff), UINT32_C(0xffffffff)}) {
        CAPTURE(string.offset);
        CAPTURE(length);
        ByteVector lying = bytes;
        wire::store_uint32(lying.data() + string.offset, length);
        const Result<M> decoded = wire::decode<M>(lying);
        if (length >= 0x7fffffff) CHECK(decoded.error().code() == Errc::truncated);
        if (string.offset + 4 + string.length == bytes.size()) {
          CHECK(decoded.error().code() == (length == 0 ? Errc::trailing_bytes : Errc::truncated));
        }
        // A length that fits by chance makes another message.
        if (decoded) CHECK(wire::dump(*decoded) != wire::dump(message));
      }
    }
  });
}

TEST_CASE("SFTP messages: another message's number is refused") {
  ByteVector bytes = wire::encode(sample_message<sftp::Stat>());
  bytes[0] = sftp::Lstat::number;
  CHECK(wire::decode<sftp::Stat>(bytes).error().code() == Errc::unexpected_message);
}

TEST_CASE("STATUS: old servers leave out the message, or the language") {
  const sftp::Status full{.id = 7, .code = 2, .message = "gone", .language = "en"};
  const ByteVector bytes = wire::encode(full);
  const Result<sftp::Status> bare = wire::decode<sftp::Status>(Bytes(bytes).first(9));
  REQUIRE(bare);
  CHECK(bare->code == 2);
  CHECK(bare->message.text.empty());
  const Result<sftp::Status> without_language = wire::decode<sftp::Status>(Bytes(bytes).first(17));
  REQUIRE(without_language);
  CHECK(without_language->message.text == "gone");
}

TEST_CASE("SYMLINK: the target comes first, as OpenSSH has it (OpenSSH PROTOCOL §4.1)") {
  const ByteVector bytes = wire::encode(sftp::Symlink{.id = 1, .targetpath = "T", .linkpath = "L"});
  CHECK(as_text(bytes) == std::string_view("\x14\0\0\0\1\0\0\0\1T\0\0\0\1L", 15));
}

TEST_CASE("filexfer-02 §6.4: a READ is these bytes") {
  const ByteVector bytes =
      framed(sftp::Read{.id = 0x01020304, .handle = std::string_view("h"), .offset = 0x100000002, .length = 0x8000});
  CHECK(as_text(bytes) == std::string_view("\0\0\0\x16\x05\1\2\3\4\0\0\0\1h\0\0\0\1\0\0\0\2\0\0\x80\0", 26));
}
