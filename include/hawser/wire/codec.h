// One definition per message: a struct named as in its RFC, with a constexpr list of its fields. From that list come
// the encoder, the decoder (views into the packet, trailing bytes rejected), the size, the text dump, and the generated
// tests.
//
//   struct ChannelWindowAdjust {
//     static constexpr std::uint8_t number = 93;
//     static constexpr const char* name = "SSH_MSG_CHANNEL_WINDOW_ADJUST";
//     std::uint32_t recipient_channel = 0;
//     std::uint32_t bytes_to_add = 0;
//     static constexpr auto fields =
//         std::tuple{wire::field("recipient_channel", &ChannelWindowAdjust::recipient_channel),
//                    wire::field("bytes_to_add", &ChannelWindowAdjust::bytes_to_add)};
//   };
//
// A struct without `number` is a part of another message (a list element, or the method-specific tail).
// A new field type is taught by specialising `Codec<T>`.
#pragma once

#include <algorithm>
#include <array>
#include <tuple>

#include "hawser/wire/reader.h"
#include "hawser/wire/writer.h"

namespace hawser::wire {

template <class Message, class T>
struct Field {
  const char* name;
  T Message::*member;
};

template <class Message, class T>
constexpr Field<Message, T> field(const char* name, T Message::*member) {
  return {name, member};
}

template <class M>
concept HasFields = requires {
  M::fields;
};
template <class M>
concept Numbered = requires {
  M::number;
};

template <class T>
struct Codec;

template <>
struct Codec<std::uint8_t> {
  static void read(Reader& r, std::uint8_t& v) { v = r.byte(); }
  static void write(Writer& w, std::uint8_t v) { w.byte(v); }
  static std::size_t size(std::uint8_t) { return 1; }
};
template <>
struct Codec<bool> {
  static void read(Reader& r, bool& v) { v = r.boolean(); }
  static void write(Writer& w, bool v) { w.boolean(v); }
  static std::size_t size(bool) { return 1; }
};
template <>
struct Codec<std::uint32_t> {
  static void read(Reader& r, std::uint32_t& v) { v = r.uint32(); }
  static void write(Writer& w, std::uint32_t v) { w.uint32(v); }
  static std::size_t size(std::uint32_t) { return 4; }
};
template <>
struct Codec<std::uint64_t> {
  static void read(Reader& r, std::uint64_t& v) { v = r.uint64(); }
  static void write(Writer& w, std::uint64_t v) { w.uint64(v); }
  static std::size_t size(std::uint64_t) { return 8; }
};
template <>
struct Codec<Bytes> {
  static void read(Reader& r, Bytes& v) { v = r.string(); }
  static void write(Writer& w, Bytes v) { w.string(v); }
  static std::size_t size(Bytes v) { return 4 + v.size(); }
};
template <>
struct Codec<std::string_view> {
  static void read(Reader& r, std::string_view& v) { v = r.text(); }
  static void write(Writer& w, std::string_view v) { w.string(v); }
  static std::size_t size(std::string_view v) { return 4 + v.size(); }
};
template <>
struct Codec<NameList> {
  static void read(Reader& r, NameList& v) { v = r.name_list(); }
  static void write(Writer& w, NameList v) { w.string(v.text()); }
  static std::size_t size(NameList v) { return 4 + v.text().size(); }
};
template <>
struct Codec<Mpint> {
  static void read(Reader& r, Mpint& v) { v = r.mpint(); }
  static void write(Writer& w, Mpint v) { w.string(v.bytes); }
  static std::size_t size(Mpint v) { return 4 + v.bytes.size(); }
};
template <>
struct Codec<Rest> {
  static void read(Reader& r, Rest& v) { v.bytes = r.rest(); }
  static void write(Writer& w, Rest v) { w.raw(v.bytes); }
  static std::size_t size(Rest v) { return v.bytes.size(); }
};
template <std::size_t N>
struct Codec<std::array<std::uint8_t, N>> {
  static void read(Reader& r, std::array<std::uint8_t, N>& v) {
    const Bytes raw = r.raw(N);
    if (raw.size() == N) std::copy(raw.begin(), raw.end(), v.begin());
  }
  static void write(Writer& w, const std::array<std::uint8_t, N>& v) { w.raw(v); }
  static std::size_t size(const std::array<std::uint8_t, N>&) { return N; }
};

// A part made of fields is itself a field.
template <HasFields M>
struct Codec<M> {
  static void read(Reader& r, M& m) {
    std::apply(
        [&](const auto&... f) {
          ((r.field(f.name), Codec<std::remove_cvref_t<decltype(m.*f.member)>>::read(r, m.*f.member)), ...);
        },
        M::fields);
  }
  static void write(Writer& w, const M& m) {
    std::apply(
        [&](const auto&... f) { (Codec<std::remove_cvref_t<decltype(m.*f.member)>>::write(w, m.*f.member), ...); },
        M::fields);
  }
  static std::size_t size(const M& m) {
    return std::apply(
        [&](const auto&... f) {
          return (std::size_t{0} + ... + Codec<std::remove_cvref_t<decltype(m.*f.member)>>::size(m.*f.member));
        },
        M::fields);
  }
};

// Bytes that `encode` writes, the message number included.
template <HasFields M>
std::size_t encoded_size(const M& message) {
  return Codec<M>::size(message) + (Numbered<M> ? 1 : 0);
}

// `output` must have `encoded_size(message)` bytes of room; gives what was written.
template <HasFields M>
Bytes encode(const M& message, MutableBytes output) {
  Writer writer(output);
  if constexpr (Numbered<M>) writer.byte(M::number);
  Codec<M>::write(writer, message);
  assert(writer.ok());
  return writer.written();
}

template <HasFields M>
ByteVector encode(const M& message) {
  ByteVector out(encoded_size(message));
  encode(message, out);
  return out;
}

// The whole of `input` must be this message: its number (where it has one), its fields, nothing behind them.
// The result's views point into `input`.
template <HasFields M>
Result<M> decode(Bytes input) {
  Reader reader(input);
  if constexpr (Numbered<M>) {
    reader.field("message number");
    if (reader.byte() != M::number && reader.ok()) reader.fail(Errc::unexpected_message);
  }
  M message{};
  Codec<M>::read(reader, message);
  if (Result<void> end = reader.finish(); !end) return end.error();
  return message;
}

}  // namespace hawser::wire
