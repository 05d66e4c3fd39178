// encode/MESSAGE and decode/MESSAGE: the messages of the hot path, and the largest of a key exchange. Decoded messages
// are views; where the data of a message is not copied in use, it is not copied here.
#include <benchmark/benchmark.h>

#include "hawser/channel/messages.h"
#include "hawser/sftp/longname.h"
#include "hawser/sftp/reply_writer.h"
#include "hawser/transport/messages.h"
#include "hawser/transport/transport.h"
#include "micro.h"

namespace hawser::bench {
namespace {

constexpr std::size_t data_size = 32 * 1024;
constexpr std::string_view handle("\0\0\0\1", 4);
constexpr std::uint64_t offset = std::uint64_t{1} << 32;
constexpr std::uint32_t directory_entries = 100;

ByteVector& some_data() {
  static ByteVector data(data_size, 7);
  return data;
}

template <class Message>
void encode(benchmark::State& state, const Message& message) {
  ByteVector room(wire::encoded_size(message));
  Message copy = message;
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(copy);
    benchmark::DoNotOptimize(wire::encode(copy, room));
    benchmark::ClobberMemory();
  }
}

template <class Message>
void decode(benchmark::State& state, ByteVector packet) {
  if (!wire::decode<Message>(packet)) return state.SkipWithError("does not decode");
  for ([[maybe_unused]] auto _ : state) {
    benchmark::DoNotOptimize(packet.data());
    benchmark::ClobberMemory();
    benchmark::DoNotOptimize(wire::decode<Message>(packet));
  }
}

template <class Message>
void register_encode(const char* what, const Message& message) {
  benchmark::RegisterBenchmark((std::string("encode/") + what).c_str(), encode<Message>, message);
}

template <class Message>
void register_decode(const char* what, const Message& message) {
  benchmark::RegisterBenchmark((std::string("decode/") + what).c_str(), decode<Message>, wire::encode(message));
}

template <class Message>
void register_both(const char* what, const Message& message) {
  register_encode(what, message);
  register_decode(what, message);
}

// What a server has gathered of a directory.
struct Listing {
  Listing() {
    for (std::uint32_t i = 0; i != directory_entries; ++i) {
      names.push_back("measurement-" + std::to_string(1000 + i) + ".dat");
      attributes.push_back({.size = 1000 * i,
                            .owner = sftp::Owner{1000, 1000},
                            .permissions = sftp::file_mode::regular | 0644,
                            .times = sftp::FileTimes{1'700'000'000, 1'700'000'000}});
      long_names.push_back(sftp::longname(names.back(), attributes.back(), 1, 1'700'000'100));
    }
  }
  void write_to(sftp::NameReply& reply) const {
    reply.reset(1);
    for (std::uint32_t i = 0; i != directory_entries; ++i) {
      reply.add({.filename = names[i], .longname = long_names[i], .attributes = attributes[i]});
    }
  }

  std::vector<std::string> names, long_names;
  std::vector<sftp::Attributes> attributes;
};

// Entry by entry, as the answer to READDIR grows.
void encode_name(benchmark::State& state) {
  const Listing listing;
  sftp::NameReply reply;
  for ([[maybe_unused]] auto _ : state) {
    listing.write_to(reply);
    benchmark::DoNotOptimize(reply);
    benchmark::ClobberMemory();
  }
}

// The message, and then each entry, as a client reads them.
void decode_name(benchmark::State& state) {
  sftp::NameReply reply;
  Listing().write_to(reply);
  const std::shared_ptr<BufferPool> pool = BufferPool::create();
  PacketChain chain;
  chain.append(PacketBuffer(*pool, reply.size()), 0);
  reply.write(chain);
  const Bytes framed = chain.parts().front().buffer.payload();
  const ByteVector packet = to_vector(framed.subspan(sizeof(std::uint32_t)));
  for ([[maybe_unused]] auto _ : state) {
    const Result<sftp::Name> name = wire::decode<sftp::Name>(packet);
    if (!name || name->entries.size() != directory_entries) return state.SkipWithError("does not decode");
    for (const sftp::NameEntry& entry : name->entries) {
      sftp::NameEntry seen = entry;
      benchmark::DoNotOptimize(seen);
    }
  }
}

transport::KexInit our_kexinit() {
  static const crypto::AlgorithmPolicy policy = crypto::AlgorithmPolicy::modern();
  static const std::string kex = wire::join(policy.kex), host_key = wire::join(policy.host_key),
                           cipher = wire::join(policy.cipher), mac = wire::join(policy.mac),
                           compression = wire::join(policy.compression);
  transport::KexInit message;
  message.kex_algorithms = wire::NameList(kex);
  message.server_host_key_algorithms = wire::NameList(host_key);
  message.encryption_algorithms_client_to_server = message.encryption_algorithms_server_to_client =
      wire::NameList(cipher);
  message.mac_algorithms_client_to_server = message.mac_algorithms_server_to_client = wire::NameList(mac);
  message.compression_algorithms_client_to_server = message.compression_algorithms_server_to_client =
      wire::NameList(compression);
  return message;
}

}  // namespace

void register_messages() {
  register_both("CHANNEL_DATA of 32 KiB", channel::ChannelData{.recipient_channel = 1, .data = some_data()});
  register_both("CHANNEL_WINDOW_ADJUST", channel::ChannelWindowAdjust{.recipient_channel = 1, .bytes_to_add = 1 << 20});
  register_both("FXP_READ", sftp::Read{.id = 1, .handle = handle, .offset = offset, .length = data_size});
  register_both("FXP_WRITE header",
                sftp::WriteHeader{.id = 1, .handle = handle, .offset = offset, .data_size = data_size});
  register_both("FXP_WRITE of 32 KiB", sftp::Write{.id = 1, .handle = handle, .offset = offset, .data = some_data()});
  register_both("FXP_DATA header", sftp::DataHeader{.id = 1, .data_size = data_size});
  benchmark::RegisterBenchmark("encode/FXP_NAME of 100 entries", encode_name);
  benchmark::RegisterBenchmark("decode/FXP_NAME of 100 entries", decode_name);
  register_both("KEXINIT", our_kexinit());
}

}  // namespace hawser::bench
