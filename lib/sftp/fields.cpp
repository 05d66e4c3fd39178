#include "hawser/sftp/fields.h"

#include "hawser/wire/dump.h"
#include "hawser/wire/limits.h"

namespace hawser::wire {
namespace {

// filexfer-02 §5.
constexpr std::uint32_t attr_size = 0x00000001;
constexpr std::uint32_t attr_uidgid = 0x00000002;
constexpr std::uint32_t attr_permissions = 0x00000004;
constexpr std::uint32_t attr_acmodtime = 0x00000008;
constexpr std::uint32_t attr_extended = 0x80000000;

// Each extended attribute is two strings, so a count that the rest of the message cannot hold is refused at once.
void skip_extended(Reader& r) {
  const std::uint32_t count = r.uint32();
  if (count > r.remaining() / 8) r.fail(Errc::bad_value);
  for (std::uint32_t i = 0; i < count && r.ok(); ++i) {
    r.string();
    r.string();
  }
}

// Calls `use` for each number, in the order of the wire.
template <class Statistics, class Use>
void for_each_member(Statistics& s, Use use) {
  for (auto* member : {&s.f_bsize, &s.f_frsize, &s.f_blocks, &s.f_bfree, &s.f_bavail, &s.f_files, &s.f_ffree,
                       &s.f_favail, &s.f_fsid, &s.f_flag, &s.f_namemax}) {
    use(*member);
  }
}

}  // namespace

void Codec<sftp::Attributes>::read(Reader& r, sftp::Attributes& a) {
  a = {};
  const std::uint32_t flags = r.uint32();
  if ((flags & attr_size) != 0) a.size = r.uint64();
  if ((flags & attr_uidgid) != 0) {
    const std::uint32_t uid = r.uint32();
    a.owner = sftp::Owner{uid, r.uint32()};
  }
  if ((flags & attr_permissions) != 0) a.permissions = r.uint32();
  if ((flags & attr_acmodtime) != 0) {
    const std::uint32_t atime = r.uint32();
    a.times = sftp::FileTimes{atime, r.uint32()};
  }
  if ((flags & attr_extended) != 0) skip_extended(r);
}

void Codec<sftp::Attributes>::write(Writer& w, const sftp::Attributes& a) {
  w.uint32((a.size ? attr_size : 0) | (a.owner ? attr_uidgid : 0) | (a.permissions ? attr_permissions : 0) |
           (a.times ? attr_acmodtime : 0));
  if (a.size) w.uint64(*a.size);
  if (a.owner) {
    w.uint32(a.owner->uid);
    w.uint32(a.owner->gid);
  }
  if (a.permissions) w.uint32(*a.permissions);
  if (a.times) {
    w.uint32(a.times->atime);
    w.uint32(a.times->mtime);
  }
}

std::size_t Codec<sftp::Attributes>::size(const sftp::Attributes& a) {
  const std::size_t fields = (a.size ? 8u : 0u) + (a.owner ? 8u : 0u) + (a.permissions ? 4u : 0u) + (a.times ? 8u : 0u);
  return 4 + fields;
}

void Codec<sftp::FileSystemStatistics>::read(Reader& r, sftp::FileSystemStatistics& s) {
  for_each_member(s, [&](std::uint64_t& value) { value = r.uint64(); });
}

void Codec<sftp::FileSystemStatistics>::write(Writer& w, const sftp::FileSystemStatistics& s) {
  for_each_member(s, [&](const std::uint64_t& value) { w.uint64(value); });
}

void Codec<sftp::HandleView>::read(Reader& r, sftp::HandleView& v) {
  v.text = r.text();
  if (v.text.size() > limits::sftp_handle) {
    v.text = {};
    r.fail(Errc::bad_value);
  }
}

namespace {

// Reads elements to check them, and gives the bytes they take; those of `r` are consumed.
template <class Element, class More>
Bytes checked(Reader& r, std::uint32_t& count, More more) {
  Reader probe = r;
  for (count = 0; probe.ok() && more(probe); ++count) {
    Element element;
    Codec<Element>::read(probe, element);
  }
  if (Result<void> status = probe.status(); !status) {
    r.fail(status.error().code());
    count = 0;
    return {};
  }
  return r.raw(probe.position() - r.position());
}

}  // namespace

void Codec<sftp::NameEntries>::read(Reader& r, sftp::NameEntries& v) {
  const std::uint32_t announced = r.uint32();
  if (announced > r.remaining() / sftp::NameEntries::minimum_entry_size) r.fail(Errc::bad_value);
  std::uint32_t count = 0;
  const Bytes encoded = checked<sftp::NameEntry>(r, count, [&](const Reader&) { return count < announced; });
  v = sftp::NameEntries(encoded, count);
}

void Codec<sftp::NameEntries>::write(Writer& w, const sftp::NameEntries& v) {
  w.uint32(v.size());
  w.raw(v.encoded());
}

void Codec<sftp::ExtensionPairs>::read(Reader& r, sftp::ExtensionPairs& v) {
  std::uint32_t count = 0;
  const Bytes encoded =
      checked<sftp::ExtensionPair>(r, count, [](const Reader& probe) { return probe.remaining() != 0; });
  v = sftp::ExtensionPairs(encoded, count);
}

}  // namespace hawser::wire

namespace hawser::sftp {
namespace {

template <class List>
void dump_list(std::string& out, const List& list) {
  using wire::dump_value;
  out += '[';
  bool first = true;
  for (const auto& element : list) {
    if (!first) out += ", ";
    first = false;
    dump_value(out, element);
  }
  out += ']';
}

}  // namespace

void dump_value(std::string& out, const HandleView& v) { wire::dump_value(out, as_bytes(v.text)); }
void dump_value(std::string& out, const OptionalText& v) { wire::dump_value(out, v.text); }
void dump_value(std::string& out, const NameEntries& v) { dump_list(out, v); }
void dump_value(std::string& out, const ExtensionPairs& v) { dump_list(out, v); }

void dump_value(std::string& out, const Attributes& a) {
  const auto append = [&](const char* name, std::uint64_t value) {
    if (out.back() != '{') out += ", ";
    out += name;
    out += '=';
    out += std::to_string(value);
  };
  out += '{';
  if (a.size) append("size", *a.size);
  if (a.owner) append("uid", a.owner->uid);
  if (a.owner) append("gid", a.owner->gid);
  if (a.permissions) append("permissions", *a.permissions);
  if (a.times) append("atime", a.times->atime);
  if (a.times) append("mtime", a.times->mtime);
  out += '}';
}

void dump_value(std::string& out, const FileSystemStatistics& s) {
  out += "{f_frsize=" + std::to_string(s.f_frsize) + ", f_blocks=" + std::to_string(s.f_blocks) +
         ", f_bavail=" + std::to_string(s.f_bavail) + '}';
}

}  // namespace hawser::sftp
