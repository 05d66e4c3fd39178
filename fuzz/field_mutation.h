// Changes one field of a message, by the same field list that encodes and decodes it: numbers to where counting goes
// wrong, texts to other lengths and other known names, lists to other orders. Templates for message_mutator.cpp.
#pragma once

#include <deque>
#include <optional>

#include "choices.h"
#include "hawser/sftp/messages.h"
#include "message_mutator.h"
#include "words.h"

namespace hawser::fuzz {

// Decoded messages are views: what a field is changed to lives here until the message is encoded again.
struct FieldChange {
  Choices& choices;
  std::deque<ByteVector> storage = {};

  Bytes keep(ByteVector bytes) { return storage.emplace_back(std::move(bytes)); }
  std::string_view keep(const std::string& text) { return as_text(keep(to_vector(as_bytes(text)))); }
};

std::string changed_list(const wire::NameList& old, Choices& choices);

template <class Number>
requires std::is_unsigned_v<Number>
void change(FieldChange& how, Number& value) { value = how.choices.number(value); }
inline void change(FieldChange&, bool& value) { value = !value; }
inline void change(FieldChange& how, Bytes& value) {
  // CHANNEL_DATA may carry SFTP.
  const std::optional<ByteVector> stream =
      how.choices.one_in(2) ? mutate_sftp_stream(value, how.choices) : std::nullopt;
  value = how.keep(stream ? *stream : changed_content(value, how.choices));
}
inline void change(FieldChange& how, std::string_view& value) {
  value = how.choices.one_in(2) ? how.keep(how.choices.one_of(words().all))
                                : as_text(how.keep(changed_content(as_bytes(value), how.choices)));
}
inline void change(FieldChange& how, wire::NameList& value) {
  value = wire::NameList(how.keep(changed_list(value, how.choices)));
}
inline void change(FieldChange& how, wire::Mpint& value) {
  value.bytes = how.keep(changed_content(value.bytes, how.choices));
}
inline void change(FieldChange& how, wire::Rest& value) {
  const std::optional<ByteVector> part = how.choices.one_in(4) ? std::nullopt : mutate_part(value.bytes, how.choices);
  value.bytes = how.keep(part ? *part : changed_content(value.bytes, how.choices));
}
template <std::size_t N>
void change(FieldChange& how, std::array<std::uint8_t, N>& value) {
  value[how.choices.below(N)] ^= static_cast<std::uint8_t>(1 << how.choices.below(8));
}
inline void change(FieldChange& how, sftp::HandleView& value) { change(how, value.text); }
inline void change(FieldChange& how, sftp::OptionalText& value) { change(how, value.text); }
inline void change(FieldChange& how, sftp::Attributes& value) {
  switch (how.choices.below(5)) {
    case 0: value.size = how.choices.number(value.size.value_or(0)); break;
    case 1: value.owner = sftp::Owner{how.choices.number(0u), how.choices.number(0u)}; break;
    case 2: value.permissions = how.choices.number(value.permissions.value_or(0644)); break;
    case 3: value.times = sftp::FileTimes{how.choices.number(0u), how.choices.number(0u)}; break;
    default: value = {}; break;
  }
}
// Lists that are checked as a whole when they are decoded: those of a message stay as they are.
inline void change(FieldChange&, sftp::NameEntries&) {}
inline void change(FieldChange& how, sftp::ExtensionPairs& value) {
  if (how.choices.one_in(2)) {
    value = {};
    return;
  }
  const sftp::ExtensionPair pair{how.keep(how.choices.one_of(words().sftp)), "1"};
  ByteVector longer = to_vector(value.encoded());
  const ByteVector last = wire::encode(pair);
  longer.insert(longer.end(), last.begin(), last.end());
  value = sftp::ExtensionPairs(how.keep(std::move(longer)), value.size() + 1);
}
inline void change(FieldChange& how, sftp::FileSystemStatistics& value) {
  value.f_bsize = how.choices.number(value.f_bsize);
}

// Calls `use(field, offset)` for the field with this index; offsets count from the first field.
template <wire::HasFields M, class Use>
void with_field(M& message, std::size_t index, Use use) {
  std::size_t i = 0, offset = 0;
  const auto look = [&](const auto& field) {
    auto& value = message.*field.member;
    const std::size_t size = wire::Codec<std::remove_cvref_t<decltype(value)>>::size(value);
    if (i++ == index) use(value, offset);
    offset += size;
  };
  std::apply([&](const auto&... field) { (look(field), ...); }, M::fields);
}

template <wire::HasFields M>
constexpr std::size_t field_count = std::tuple_size_v<std::remove_cvref_t<decltype(M::fields)>>;

template <wire::HasFields M>
void change(FieldChange& how, M& part) {
  if constexpr (field_count<M> != 0) {
    with_field(part, how.choices.below(field_count<M>), [&](auto& value, std::size_t) { change(how, value); });
  }
}

template <class T>
concept LengthPrefixed =
    std::is_same_v<T, Bytes> || std::is_same_v<T, std::string_view> || std::is_same_v<T, wire::NameList> ||
    std::is_same_v<T, wire::Mpint> || std::is_same_v<T, sftp::HandleView> || std::is_same_v<T, sftp::OptionalText>;

// The same message with another length before one of its fields.
template <wire::HasFields M>
ByteVector with_wrong_length(M message, Choices& choices) {
  ByteVector bytes = wire::encode(message);
  if constexpr (field_count<M> != 0) {
    with_field(message, choices.below(field_count<M>), [&](auto& value, std::size_t offset) {
      using T = std::remove_cvref_t<decltype(value)>;
      if constexpr (LengthPrefixed<T>) {
        const std::size_t size = wire::Codec<T>::size(value) - 4;
        wire::store_uint32(bytes.data() + (wire::Numbered<M> ? 1 : 0) + offset, choices.wild_length(size));
      }
    });
  }
  return bytes;
}

template <wire::HasFields M>
ByteVector mutate_decoded(Bytes bytes, Choices& choices) {
  M message = *wire::decode<M>(bytes);
  if (choices.one_in(4)) return with_wrong_length(message, choices);
  FieldChange how{choices};
  change(how, message);
  return wire::encode(message);
}

// As whichever of these messages the bytes are; nullopt where they are none.
template <wire::HasFields... Ms>
std::optional<ByteVector> mutate_as_one_of(std::tuple<Ms...>*, Bytes bytes, Choices& choices) {
  std::vector<ByteVector (*)(Bytes, Choices&)> possible;
  ((wire::decode<Ms>(bytes) && field_count<Ms> != 0 ? possible.push_back(&mutate_decoded<Ms>) : void()), ...);
  if (possible.empty()) return std::nullopt;
  return choices.one_of(possible)(bytes, choices);
}

template <wire::HasFields M>
ByteVector make_message(Choices& choices) {
  M message{};
  FieldChange how{choices};
  for (std::size_t changes = choices.below(field_count<M> + 2); changes != 0; --changes) change(how, message);
  return wire::encode(message);
}

template <wire::HasFields... Ms>
ByteVector make_one_of(std::tuple<Ms...>*, Choices& choices) {
  ByteVector (*const makers[])(Choices&) = {&make_message<Ms>...};
  return choices.one_of(makers)(choices);
}

}  // namespace hawser::fuzz
