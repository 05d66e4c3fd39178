// The PROXY header, cut as the input says: however it is cut, the outcome is the same, and nothing behind it is read.
#include <algorithm>

#include "server/proxy_protocol.h"
#include "target.h"

using namespace hawser;

namespace {

struct Outcome {
  Errc error = Errc::ok;
  bool complete = false;
  server::ProxyHeader header;
  std::size_t read = 0;
};

Outcome parse(Bytes stream, std::size_t step) {
  server::ProxyHeaderParser parser;
  Outcome out;
  while (out.read != stream.size()) {
    const std::size_t count = std::min({step, parser.wanted(), stream.size() - out.read});
    fuzz::require(count != 0);
    const auto header = parser.receive(stream.subspan(out.read, count));
    out.read += count;
    if (!header) {
      out.error = header.error().code();
      fuzz::require(parser.wanted() == 0);
      return out;
    }
    if (!*header) continue;
    out.complete = true;
    out.header = **header;
    fuzz::require(parser.wanted() == 0);
    return out;
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fuzz::Input input(data, size);
  const std::size_t step = 1 + input.byte() % 32u;
  const Bytes stream = input.take(size);
  const Outcome whole = parse(stream, server::ProxyHeaderParser::longest_read);
  const Outcome cut = parse(stream, step);
  fuzz::require(whole.complete == cut.complete);
  if (whole.complete) {
    fuzz::require(whole.read == cut.read && whole.header.source == cut.header.source &&
                  whole.header.source_port == cut.header.source_port);
  }
  // Cut, an error may show sooner, never later, and never become a header.
  if (whole.error != Errc::ok) fuzz::require(cut.error == whole.error && cut.read <= whole.read);
  return 0;
}
