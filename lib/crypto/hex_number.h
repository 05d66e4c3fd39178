// Hexadecimal text of any length to an unsigned number.
#pragma once

#include <string_view>

#include "hawser/wire/bytes.h"

namespace hawser::crypto {

// Big-endian, without leading zeros; empty for zero and where the text is anything but hexadecimal digits.
ByteVector hex_number(std::string_view text);

}  // namespace hawser::crypto
