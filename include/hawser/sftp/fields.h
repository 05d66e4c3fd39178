// The data types that only SFTP has, and how they are read and written. All are views into the message they came from.
#pragma once

#include <iterator>
#include <string>
#include <string_view>

#include "hawser/sftp/attributes.h"
#include "hawser/wire/codec.h"

namespace hawser::sftp {

// A file handle: an opaque string of at most 256 bytes (filexfer-02 §6.2). A longer one is `bad_value`.
struct HandleView {
  std::string_view text;

  constexpr HandleView() = default;
  constexpr HandleView(std::string_view value) : text(value) {}
  HandleView(const std::string& value) : text(value) {}
  constexpr operator std::string_view() const { return text; }
  friend bool operator==(const HandleView&, const HandleView&) = default;
};

// A text that old peers leave out at the end of a message (the message and language of STATUS before version 3).
struct OptionalText {
  std::string_view text;

  constexpr OptionalText() = default;
  constexpr OptionalText(std::string_view value) : text(value) {}
  constexpr OptionalText(const char* value) : text(value) {}
  friend bool operator==(const OptionalText&, const OptionalText&) = default;
};

// One entry of SSH_FXP_NAME (filexfer-02 §7).
struct NameEntry {
  std::string_view filename;
  std::string_view longname;  // like a line of `ls -l`; for people only
  Attributes attributes;
  static constexpr auto fields =
      std::tuple{wire::field("filename", &NameEntry::filename), wire::field("longname", &NameEntry::longname),
                 wire::field("attrs", &NameEntry::attributes)};
  friend bool operator==(const NameEntry&, const NameEntry&) = default;
};

// One extension of INIT or VERSION: its name and its data, which OpenSSH uses as a version number (filexfer-02 §4).
struct ExtensionPair {
  std::string_view name;
  std::string_view data;
  static constexpr auto fields = std::tuple{wire::field("extension_name", &ExtensionPair::name),
                                            wire::field("extension_data", &ExtensionPair::data)};
  friend bool operator==(const ExtensionPair&, const ExtensionPair&) = default;
};

// Elements that lie one behind the other. They have been checked when the message was decoded, and are decoded once
// more, one by one, by whoever iterates: a list costs no memory, however long the peer made it.
template <class Element>
class LazyList {
 public:
  LazyList() = default;
  // `encoded` must hold exactly `count` well-formed elements.
  LazyList(Bytes encoded, std::uint32_t count) : encoded_(encoded), count_(count) {}

  class Iterator {
   public:
    using value_type = Element;
    using difference_type = std::ptrdiff_t;
    Iterator() = default;
    Iterator(Bytes encoded, std::uint32_t count) : reader_(encoded), left_(count) { read(); }
    const Element& operator*() const { return element_; }
    const Element* operator->() const { return &element_; }
    Iterator& operator++() {
      --left_;
      read();
      return *this;
    }
    void operator++(int) { ++*this; }
    friend bool operator==(const Iterator& a, std::default_sentinel_t) { return a.left_ == 0; }

   private:
    void read() {
      if (left_ != 0) wire::Codec<Element>::read(reader_, element_);
    }
    wire::Reader reader_{Bytes()};
    Element element_;
    std::uint32_t left_ = 0;
  };

  Iterator begin() const { return Iterator(encoded_, count_); }
  static std::default_sentinel_t end() { return {}; }
  std::uint32_t size() const { return count_; }
  bool empty() const { return count_ == 0; }
  Bytes encoded() const { return encoded_; }

 private:
  Bytes encoded_;
  std::uint32_t count_ = 0;
};

// The entries of NAME; their number stands before them. Distinct types, since the two lists are framed differently.
class NameEntries : public LazyList<NameEntry> {
 public:
  using LazyList::LazyList;
  static constexpr std::size_t minimum_entry_size = 12;  // two empty strings and the flags of ATTRS
};

// The extensions of INIT and VERSION; they go on to the end of the message.
class ExtensionPairs : public LazyList<ExtensionPair> {
 public:
  using LazyList::LazyList;
};

void dump_value(std::string& out, const HandleView&);
void dump_value(std::string& out, const OptionalText&);
void dump_value(std::string& out, const Attributes&);
void dump_value(std::string& out, const FileSystemStatistics&);
void dump_value(std::string& out, const NameEntries&);
void dump_value(std::string& out, const ExtensionPairs&);

}  // namespace hawser::sftp

namespace hawser::wire {

// ATTRS (filexfer-02 §5). Extended attributes are checked and dropped. Flags that version 3 does not know are ignored,
// as OpenSSH does: where they announce fields, the message ends in `trailing_bytes`.
template <>
struct Codec<sftp::Attributes> {
  static void read(Reader&, sftp::Attributes&);
  static void write(Writer&, const sftp::Attributes&);
  static std::size_t size(const sftp::Attributes&);
};

template <>
struct Codec<sftp::HandleView> {
  static void read(Reader&, sftp::HandleView&);
  static void write(Writer& w, sftp::HandleView v) { w.string(v.text); }
  static std::size_t size(sftp::HandleView v) { return 4 + v.text.size(); }
};

template <>
struct Codec<sftp::OptionalText> {
  static void read(Reader& r, sftp::OptionalText& v) { v.text = r.remaining() == 0 ? std::string_view() : r.text(); }
  static void write(Writer& w, sftp::OptionalText v) { w.string(v.text); }
  static std::size_t size(sftp::OptionalText v) { return 4 + v.text.size(); }
};

template <>
struct Codec<sftp::NameEntries> {
  static void read(Reader&, sftp::NameEntries&);
  static void write(Writer&, const sftp::NameEntries&);
  static std::size_t size(const sftp::NameEntries& v) { return 4 + v.encoded().size(); }
};

template <>
struct Codec<sftp::ExtensionPairs> {
  static void read(Reader&, sftp::ExtensionPairs&);
  static void write(Writer& w, const sftp::ExtensionPairs& v) { w.raw(v.encoded()); }
  static std::size_t size(const sftp::ExtensionPairs& v) { return v.encoded().size(); }
};

// Eleven uint64 in the order of the struct.
template <>
struct Codec<sftp::FileSystemStatistics> {
  static void read(Reader&, sftp::FileSystemStatistics&);
  static void write(Writer&, const sftp::FileSystemStatistics&);
  static std::size_t size(const sftp::FileSystemStatistics&) { return 11 * 8; }
};

}  // namespace hawser::wire
