#include "proxy_protocol.h"

#include <algorithm>
#include <charconv>

namespace hawser::server {

namespace {

// §2.2
constexpr std::array<std::uint8_t, 12> signature{0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d,
                                                 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a};
constexpr std::size_t binary_header = 16;

std::string_view take_word(std::string_view& line) {
  const std::size_t space = line.find(' ');
  const std::string_view word = line.substr(0, space);
  line.remove_prefix(space == std::string_view::npos ? line.size() : space + 1);
  return word;
}

// §2.1: decimal, no leading zeros.
std::optional<std::uint16_t> port_of(std::string_view text) {
  std::uint16_t port = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  if (text.size() > 1 && text.front() == '0') return std::nullopt;
  return port;
}

std::optional<asio::ip::address> address_of(std::string_view text, bool ipv6) {
  if (text.find('%') != std::string_view::npos) return std::nullopt;  // a zone means nothing on another host
  std::error_code error;
  asio::ip::address address;
  if (ipv6) {
    address = asio::ip::make_address_v6(std::string(text), error);
  } else {
    address = asio::ip::make_address_v4(std::string(text), error);
  }
  if (error) return std::nullopt;
  return address;
}

std::uint16_t uint16_at(Bytes bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

template <class Address>
Address binary_address(Bytes bytes, std::size_t at) {
  typename Address::bytes_type value;
  std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(at), value.size(), value.begin());
  return Address(value);
}

}  // namespace

Result<std::optional<ProxyHeader>> ProxyHeaderParser::receive(Bytes bytes) {
  if (failure_.code() != Errc::ok) return failure_;
  if (bytes.size() > wanted_) return fail(Errc::invalid_argument, "more bytes than were wanted");
  const std::size_t keep = std::min(bytes.size(), kept_.size() - kept_size_);
  std::copy_n(bytes.begin(), keep, kept_.begin() + static_cast<std::ptrdiff_t>(kept_size_));
  kept_size_ += keep;
  size_ += bytes.size();
  wanted_ -= bytes.size();
  return progress();
}

ProxyHeaderParser::Outcome ProxyHeaderParser::progress() {
  const std::string_view text = as_text(seen());
  constexpr std::string_view line_start = "PROXY ";
  if (text.substr(0, line_start.size()) == line_start.substr(0, text.size())) return progress_line();
  const std::size_t known = std::min(text.size(), signature.size());
  if (std::equal(signature.begin(), signature.begin() + known, kept_.begin())) return progress_binary();
  return fail(Errc::bad_value, "no PROXY header");
}

ProxyHeaderParser::Outcome ProxyHeaderParser::progress_line() {
  if (wanted_ != 0) return std::optional<ProxyHeader>();
  std::string_view line = as_text(seen());
  if (!line.ends_with("\r\n")) {
    if (size_ == longest_line) return fail(Errc::packet_too_large, "the line of a PROXY header");
    // At least the LF is still to come, or CR LF: so many bytes belong to the header.
    wanted_ = line.ends_with('\r') ? 1 : std::min<std::size_t>(2, longest_line - size_);
    return std::optional<ProxyHeader>();
  }
  line.remove_suffix(2);
  take_word(line);
  const std::string_view family = take_word(line);
  ProxyHeader header;
  if (family == "UNKNOWN") return std::optional(header);  // §2.1: the rest of the line means nothing
  if (family != "TCP4" && family != "TCP6") return fail(Errc::bad_value, "the family of a PROXY header");
  header.source = address_of(take_word(line), family == "TCP6");
  const bool destination = address_of(take_word(line), family == "TCP6").has_value();
  const std::optional<std::uint16_t> source_port = port_of(take_word(line));
  const bool rest = port_of(line).has_value();  // the destination's port, and nothing after it
  if (!header.source || !destination || !source_port || !rest) {
    return fail(Errc::bad_value, "the addresses of a PROXY header");
  }
  header.source_port = *source_port;
  return std::optional(header);
}

ProxyHeaderParser::Outcome ProxyHeaderParser::progress_binary() {
  if (size_ < signature.size()) return std::optional<ProxyHeader>();  // it may still turn out to be none
  if (size_ < binary_header) {
    wanted_ = binary_header - size_;
    return std::optional<ProxyHeader>();
  }
  const unsigned version = kept_[12] >> 4;
  const unsigned command = kept_[12] & 15;
  if (version != 2 || command > 1) return fail(Errc::bad_value, "the version or command of a PROXY header");
  const std::size_t body = uint16_at(kept_, 14);
  if (body > longest_body) return fail(Errc::packet_too_large, "the length of a PROXY header");
  if (size_ < binary_header + body) {
    wanted_ = std::min(binary_header + body - size_, longest_read);
    return std::optional<ProxyHeader>();
  }
  ProxyHeader header;
  constexpr unsigned tcp_over_ipv4 = 0x11, tcp_over_ipv6 = 0x21;
  const bool local = command == 0;
  if (!local && kept_[13] == tcp_over_ipv4) {
    if (body < 12) return fail(Errc::bad_value, "the addresses of a PROXY header");
    header.source = binary_address<asio::ip::address_v4>(kept_, binary_header);
    header.source_port = uint16_at(kept_, binary_header + 8);
  } else if (!local && kept_[13] == tcp_over_ipv6) {
    if (body < 36) return fail(Errc::bad_value, "the addresses of a PROXY header");
    header.source = binary_address<asio::ip::address_v6>(kept_, binary_header);
    header.source_port = uint16_at(kept_, binary_header + 32);
  }
  return std::optional(header);
}

ProxyHeaderParser::Outcome ProxyHeaderParser::fail(Errc code, const char* where) {
  wanted_ = 0;
  failure_ = Error(code, where);
  return failure_;
}

}  // namespace hawser::server
