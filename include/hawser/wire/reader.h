// Reads RFC 4251 §5 data types from a packet. The error is sticky: after the first failed read every later one gives a
// zero or an empty view, so that a caller reads all fields and checks once, with `finish()`.
#pragma once

#include <array>
#include <cstdint>

#include "hawser/wire/bytes.h"
#include "hawser/wire/result.h"
#include "hawser/wire/types.h"

namespace hawser::wire {

class Reader {
 public:
  // Borrows `input`; all views it gives point into it.
  explicit Reader(Bytes input) : input_(input) {}

  std::uint8_t byte();
  bool boolean();  // any byte but 0 is true (RFC 4251 §5)
  std::uint32_t uint32();
  std::uint64_t uint64();
  Bytes string();
  std::string_view text() { return as_text(string()); }
  NameList name_list();
  Mpint mpint();
  Bytes raw(std::size_t size);
  Bytes rest();

  // Names the field that later errors are about.
  void field(const char* name) { field_ = name; }
  void fail(Errc code);

  bool ok() const { return error_.code() == Errc::ok; }
  std::size_t remaining() const { return input_.size() - position_; }
  std::size_t position() const { return position_; }

  // The first error; `trailing_bytes` when anything is left.
  Result<void> finish() const;
  Result<void> status() const;

 private:
  Bytes input_;
  std::size_t position_ = 0;
  const char* field_ = "";
  Error error_{Errc::ok};
};

}  // namespace hawser::wire
