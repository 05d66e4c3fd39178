// Prints libFuzzer's dictionary for a target: the names that its layers know, as they stand in a text and as SSH
// strings, and the numbers of its messages.
//
//   fuzz_dictionary server_session > server_session.dict
#include <cstdio>
#include <cstring>
#include <set>
#include <tuple>

#include "hawser/auth/messages.h"
#include "hawser/channel/messages.h"
#include "hawser/sftp/messages.h"
#include "hawser/transport/messages.h"
#include "words.h"

using namespace hawser;

namespace {

void print_entry(Bytes bytes) {
  std::putchar('"');
  for (const std::uint8_t byte : bytes) {
    const bool plain = byte >= 0x20 && byte < 0x7f && byte != '"' && byte != '\\';
    std::printf(plain ? "%c" : "\\x%02x", byte);
  }
  std::puts("\"");
}

void print_words(const std::vector<std::string>& words) {
  for (const std::string& word : words) {
    print_entry(as_bytes(word));
    ByteVector string(4 + word.size());
    wire::Writer(string).string(std::string_view(word));
    print_entry(string);
  }
}

template <class... Ms>
void print_numbers(std::tuple<Ms...>*) {
  std::set<std::uint8_t> numbers;
  (numbers.insert(Ms::number), ...);
  for (const std::uint8_t number : numbers) print_entry(Bytes(&number, 1));
}

bool contains(const char* target, std::initializer_list<const char*> parts) {
  for (const char* part : parts) {
    if (std::strstr(target, part) != nullptr) return true;
  }
  return false;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const char* const target = argv[1];
  bool known = false;
  const auto wants = [&](std::initializer_list<const char*> parts) {
    const bool wanted = contains(target, {"session", "messages"}) || contains(target, parts);
    known = known || wanted;
    return wanted;
  };
  if (wants({"transport", "kex", "rekey", "known_hosts", "private_key"})) {
    print_words(fuzz::words().algorithms);
    print_numbers(static_cast<transport::TransportMessages*>(nullptr));
    print_numbers(static_cast<transport::KexDhGexMessages*>(nullptr));
  }
  if (wants({"userauth"})) {
    print_words(fuzz::words().userauth);
    print_numbers(static_cast<auth::UserauthMessages*>(nullptr));
  }
  if (wants({"multiplexer"})) {
    print_words(fuzz::words().channel);
    print_numbers(static_cast<channel::ChannelMessages*>(nullptr));
  }
  if (wants({"sftp"})) {
    print_words(fuzz::words().sftp);
    print_numbers(static_cast<sftp::RequestMessages*>(nullptr));
    print_numbers(static_cast<sftp::ReplyMessages*>(nullptr));
  }
  if (contains(target, {"proxy"})) {
    print_words({"PROXY ", "TCP4 ", "TCP6 ", "UNKNOWN", "\r\n", "\r\n\r\n", "QUIT\n"});
    known = true;
  }
  if (!known) std::fprintf(stderr, "fuzz_dictionary: no words for %s\n", target);
  return known ? 0 : 1;
}
