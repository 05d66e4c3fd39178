#include "hawser/sftp/fields.h"

#include <doctest/doctest.h>

#include "hawser/sftp/messages.h"
#include "sftp/sample_message.h"

using namespace hawser;
using namespace hawser::test;

namespace {

Result<sftp::Attributes> decode_attributes(Bytes bytes) {
  wire::Reader reader(bytes);
  sftp::Attributes attributes;
  wire::Codec<sftp::Attributes>::read(reader, attributes);
  if (Result<void> end = reader.finish(); !end) return end.error();
  return attributes;
}

ByteVector encode_attributes(const sftp::Attributes& attributes) {
  ByteVector bytes(wire::Codec<sftp::Attributes>::size(attributes));
  wire::Writer writer(bytes);
  wire::Codec<sftp::Attributes>::write(writer, attributes);
  CHECK(writer.ok());
  CHECK(writer.size() == bytes.size());
  return bytes;
}

}  // namespace

TEST_CASE("ATTRS: every choice of fields comes back as it was (filexfer-02 §5)") {
  for (unsigned choice = 0; choice < 16; ++choice) {
    sftp::Attributes attributes;
    if ((choice & 1) != 0) attributes.size = UINT64_MAX;
    if ((choice & 2) != 0) attributes.owner = sftp::Owner{1, 2};
    if ((choice & 4) != 0) attributes.permissions = 0120777;
    if ((choice & 8) != 0) attributes.times = sftp::FileTimes{3, UINT32_MAX};
    CAPTURE(choice);
    const ByteVector bytes = encode_attributes(attributes);
    CHECK(wire::load_uint32(bytes.data()) == choice);
    const Result<sftp::Attributes> decoded = decode_attributes(bytes);
    REQUIRE(decoded);
    CHECK(*decoded == attributes);
    CHECK(attributes.empty() == (choice == 0));
  }
}

TEST_CASE("ATTRS: the access time stands before the modification time (filexfer-02 §5)") {
  const ByteVector bytes =
      encode_attributes({.size = {}, .owner = {}, .permissions = {}, .times = sftp::FileTimes{1, 2}});
  CHECK(as_text(bytes) == std::string_view("\0\0\0\x08\0\0\0\1\0\0\0\2", 12));
}

TEST_CASE("ATTRS: extended attributes are read and dropped (filexfer-02 §5)") {
  ByteVector bytes;
  wire::append_uint32(bytes, 0x80000004);
  wire::append_uint32(bytes, 0100600);
  wire::append_uint32(bytes, 2);
  for (const char* text : {"type@example.com", "one", "other@example.com", ""})
    wire::append_string(bytes, std::string_view(text));
  const Result<sftp::Attributes> decoded = decode_attributes(bytes);
  REQUIRE(decoded);
  CHECK(decoded->permissions == 0100600);
  CHECK_FALSE(decoded->size);
}

TEST_CASE("[CVE-2026-55199] a count of extended attributes that cannot be there is refused at once") {
  for (const std::uint32_t count : {3u, 0x10000000u, 0xffffffffu}) {
    ByteVector bytes;
    wire::append_uint32(bytes, 0x80000000);
    wire::append_uint32(bytes, count);
    for (int i = 0; i < 4; ++i) wire::append_string(bytes, std::string_view());
    CHECK(decode_attributes(bytes).error().code() == Errc::bad_value);
  }
}

TEST_CASE("ATTRS: the kind of file is in the permissions") {
  const auto with = [](std::uint32_t permissions) {
    return sftp::Attributes{.size = {}, .owner = {}, .permissions = permissions, .times = {}};
  };
  CHECK(is_directory(with(0040755)));
  CHECK(is_regular(with(0100644)));
  CHECK(is_symlink(with(0120777)));
  CHECK_FALSE(is_regular(with(0120777)));
  CHECK_FALSE(is_directory(with(0060660)));  // a block device: its bits contain those of a directory
  CHECK_FALSE(is_regular(sftp::Attributes()));
}

TEST_CASE("[defect 22] ATTRS: times outside of 32 bits are clamped, not wrapped") {
  CHECK(sftp::clamp_time(-1) == 0);
  CHECK(sftp::clamp_time(INT64_C(0x100000000)) == 0xffffffff);
  CHECK(sftp::clamp_time(1700000000) == 1700000000);
}

TEST_CASE("[CVE-2025-11624, defect 28] handle: 256 bytes are the most (filexfer-02 §6.2)") {
  for (const std::size_t size : {0u, 1u, 4u, 256u}) {
    const std::string handle(size, 'h');
    const ByteVector bytes = wire::encode(sftp::Close{.id = 1, .handle = handle});
    const Result<sftp::Close> decoded = wire::decode<sftp::Close>(bytes);
    REQUIRE(decoded);
    CHECK(decoded->handle.text == handle);
  }
  const std::string handle(257, 'h');
  const ByteVector bytes = wire::encode(sftp::Close{.id = 1, .handle = handle});
  CHECK(wire::decode<sftp::Close>(bytes).error().code() == Errc::bad_value);
}

TEST_CASE("NAME: entries are read lazily, in order") {
  const ByteVector bytes = wire::encode(sample_message<sftp::Name>());
  const Result<sftp::Name> decoded = wire::decode<sftp::Name>(bytes);
  REQUIRE(decoded);
  std::vector<sftp::NameEntry> entries;
  for (const sftp::NameEntry& entry : decoded->entries) entries.push_back(entry);
  REQUIRE(entries.size() == 2);
  CHECK(entries[0] == sftp::NameEntry{"one", "-rw one", full_attributes()});
  CHECK(entries[1] == sftp::NameEntry{"two", "-rw two", {}});
}

TEST_CASE("NAME: a count that the message cannot hold is refused before any entry is read") {
  for (const std::uint32_t count : {3u, 0x15555556u, 0xffffffffu}) {
    ByteVector bytes{sftp::Name::number, 0, 0, 0, 1};
    wire::append_uint32(bytes, count);
    bytes.resize(bytes.size() + 2 * sftp::NameEntries::minimum_entry_size);
    CHECK(wire::decode<sftp::Name>(bytes).error().code() == Errc::bad_value);
  }
}

TEST_CASE("NAME: fewer entries announced than are there leave trailing bytes") {
  ByteVector bytes = wire::encode(sample_message<sftp::Name>());
  wire::store_uint32(bytes.data() + 5, 1);
  CHECK(wire::decode<sftp::Name>(bytes).error().code() == Errc::trailing_bytes);
}

TEST_CASE("[CVE-2026-15370] a longname of 64 KiB is a text like any other") {
  const std::string longname(64 * 1024, 'x');
  const ByteVector entry = wire::encode(sftp::NameEntry{"n", longname, {}});
  const ByteVector bytes = wire::encode(sftp::Name{.id = 1, .entries = sftp::NameEntries(entry, 1)});
  const Result<sftp::Name> decoded = wire::decode<sftp::Name>(bytes);
  REQUIRE(decoded);
  CHECK(decoded->entries.begin()->longname == longname);
}

TEST_CASE("extensions: the table has each of them once, and finds it") {
  for (const sftp::ExtensionRow& row : sftp::extension_table) {
    CHECK(sftp::find_extension(row.name) == &row);
    CHECK((row.version == "1" || row.version == "2"));
  }
  CHECK(sftp::extension_table.size() == std::tuple_size_v<sftp::ExtensionBodies>);
  CHECK(sftp::find_extension("") == nullptr);
  CHECK(sftp::find_extension("statvfs") == nullptr);
}
