// An address, from text that is right.
#pragma once

#include <asio/ip/address.hpp>

namespace hawser::test {

inline asio::ip::address ip(const char* text) { return asio::ip::make_address(text); }

}  // namespace hawser::test
