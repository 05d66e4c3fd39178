// zlib itself, not Botan's wrapper of it: that one cannot say that a stream has ended, and reads through a null pointer
// when more comes behind the end, which is for the peer to choose (Botan 2.19, compress_utils.cpp).
#include "hawser/crypto/compression.h"

#include <zlib.h>

#include <algorithm>
#include <new>

#include "hawser/crypto/secret.h"

namespace hawser::crypto {
namespace {

// Between packets no more memory than this is kept for what comes next.
constexpr std::size_t kept_capacity = 64 * 1024;
constexpr std::size_t smallest_step = 1024;

void empty(ByteVector& buffer) {
  if (buffer.capacity() > kept_capacity) ByteVector().swap(buffer);
  buffer.clear();
}

void set_input(z_stream& stream, Bytes input) {
  stream.next_in = const_cast<Bytef*>(input.data());  // zlib's interface is older than const; it does not write there
  stream.avail_in = static_cast<uInt>(input.size());
}

// Room for `size` bytes more behind those of `buffer`.
void set_output(z_stream& stream, ByteVector& buffer, std::size_t size) {
  const std::size_t used = buffer.size();
  buffer.resize(used + size);
  stream.next_out = buffer.data() + used;
  stream.avail_out = static_cast<uInt>(size);
}

}  // namespace

struct Compressor::State {
  State() {
    if (::deflateInit(&stream, Z_DEFAULT_COMPRESSION) != Z_OK) throw std::bad_alloc();
  }
  ~State() { ::deflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  z_stream stream{};
  ByteVector output;
};

Compressor::Compressor() : state_(std::make_unique<State>()) {}
Compressor::~Compressor() = default;

Result<Bytes> Compressor::compress(Bytes payload) {
  z_stream& stream = state_->stream;
  ByteVector& output = state_->output;
  empty(output);
  set_input(stream, payload);
  // RFC 4253 §6.2: a partial flush at the end. It is complete when there was room to spare.
  do {
    set_output(stream, output, std::max(payload.size() / 4, smallest_step));
    if (::deflate(&stream, Z_PARTIAL_FLUSH) != Z_OK) return Error(Errc::crypto_failure, "compressing a packet");
    output.resize(output.size() - stream.avail_out);
  } while (stream.avail_out == 0);
  return Bytes(output);
}

struct Decompressor::State {
  State() {
    if (::inflateInit(&stream) != Z_OK) throw std::bad_alloc();
  }
  ~State() { ::inflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  z_stream stream{};
  ByteVector output;
};

Decompressor::Decompressor() : state_(std::make_unique<State>()) {}
Decompressor::~Decompressor() = default;

Result<Bytes> Decompressor::decompress(Bytes packet, std::size_t limit) {
  z_stream& stream = state_->stream;
  ByteVector& output = state_->output;
  empty(output);
  set_input(stream, packet);
  do {
    // One byte beyond the limit, to see that there is more.
    const std::size_t room = limit + 1 - output.size();
    set_output(stream, output, std::min(std::max(2 * packet.size(), smallest_step), room));
    // Z_BUF_ERROR: nothing was left to do. A stream has no end in SSH, so that Z_STREAM_END is an error like others.
    const int outcome = ::inflate(&stream, Z_SYNC_FLUSH);
    if (outcome != Z_OK && outcome != Z_BUF_ERROR) return Error(Errc::bad_compression, "zlib");
    output.resize(output.size() - stream.avail_out);
    if (output.size() > limit) return Error(Errc::packet_too_large, "decompressed packet");
  } while (stream.avail_out == 0);
  return Bytes(output);
}

void Decompressor::wipe() { crypto::wipe(state_->output); }

}  // namespace hawser::crypto
