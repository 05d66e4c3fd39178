// The form of a signature, with any content (RFC 4253 §6.6).
#pragma once

#include <string_view>

#include "hawser/wire/writer.h"

namespace hawser::test {

inline ByteVector signature_of(std::string_view name, Bytes content) {
  ByteVector signature;
  wire::append_string(signature, name);
  wire::append_string(signature, content);
  return signature;
}

}  // namespace hawser::test
