#include "crypto/pem_block.h"

#include <botan/base64.h>

#include <string>

namespace hawser::crypto {
namespace {

constexpr std::string_view begin_mark = "-----BEGIN ";
constexpr std::string_view end_mark = "-----END ";
constexpr std::string_view dashes = "-----";
constexpr std::string_view white_space = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

// Between BEGIN and END, and what follows.
struct Enclosed {
  std::string_view label, content, rest;
};

Result<Enclosed> take_block(std::string_view text) {
  if (!text.starts_with(begin_mark)) return bad_key("private key: no BEGIN line");
  text.remove_prefix(begin_mark.size());
  const std::size_t label_end = text.find(dashes);
  if (label_end == std::string_view::npos) return bad_key("private key: no BEGIN line");
  const std::string_view label = text.substr(0, label_end);
  text.remove_prefix(label_end + dashes.size());
  std::string end_line(end_mark);
  end_line.append(label).append(dashes);
  const std::size_t end = text.find(end_line);
  if (end == std::string_view::npos) return bad_key("private key: no END line");
  return Enclosed{label, text.substr(0, end), text.substr(end + end_line.size())};
}

// Takes the headers off `content`.
Result<std::string_view> take_dek_info(std::string_view& content) {
  constexpr std::string_view proc_type = "Proc-Type:", dek_info = "DEK-Info:", encrypted = "4,ENCRYPTED";
  content.remove_prefix(std::min(content.find_first_not_of(white_space), content.size()));
  if (!content.starts_with(proc_type)) return std::string_view();
  std::string_view value;
  bool is_encrypted = false;
  while (true) {
    const std::string_view line = content.substr(0, content.find('\n'));
    content.remove_prefix(std::min(line.size() + 1, content.size()));
    const std::string_view header = trimmed(line);
    if (header.empty()) break;
    if (header.starts_with(proc_type)) is_encrypted = trimmed(header.substr(proc_type.size())) == encrypted;
    if (header.starts_with(dek_info)) value = trimmed(header.substr(dek_info.size()));
  }
  if (!is_encrypted) return Error(Errc::unsupported, "private key: Proc-Type");
  if (value.empty()) return bad_key("private key: no DEK-Info");
  return value;
}

}  // namespace

Result<PemBlock> read_pem(std::string_view text) {
  Result<Enclosed> block = take_block(text);
  if (block && block->label == "EC PARAMETERS") block = take_block(trimmed(block->rest));
  if (!block) return block.error();
  if (!trimmed(block->rest).empty()) return bad_key("private key: text behind the END line");
  std::string_view content = block->content;
  const Result<std::string_view> dek_info = take_dek_info(content);
  if (!dek_info) return dek_info.error();
  try {
    return PemBlock{block->label, *dek_info, Botan::base64_decode(content.data(), content.size(), true)};
  } catch (const std::exception&) {
    return bad_key("private key: base64");
  }
}

}  // namespace hawser::crypto
