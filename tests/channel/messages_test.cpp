#include "hawser/channel/messages.h"

#include <doctest/doctest.h>

#include "support/hex.h"
#include "support/message_samples.h"

using namespace hawser;
using namespace hawser::channel;
using namespace hawser::test;

TEST_CASE("connection messages: each survives encoding and no prefix of it decodes (RFC 4254 §9)") {
  for_each_message<ChannelMessages>([](const auto& message) { check_message_rules(message); });
}

TEST_CASE(
    "connection messages: request and open bodies survive encoding and no prefix of them decodes (RFC 4254 §6, §7)") {
  const auto check = [](const auto& body) { check_message_rules(body); };
  for_each_message<ChannelOpenBodies>(check);
  for_each_message<ChannelRequestBodies>(check);
  for_each_message<GlobalRequestBodies>(check);
}

TEST_CASE("connection messages: a wild length at any place is refused, never read (RFC 4251 §5)") {
  const auto check = [](const auto& message) { check_wild_lengths(message); };
  for_each_message<ChannelMessages>(check);
  for_each_message<ChannelOpenBodies>(check);
  for_each_message<ChannelRequestBodies>(check);
  for_each_message<GlobalRequestBodies>(check);
}

TEST_CASE("connection messages: the bytes are those of RFC 4254") {
  struct Row {
    ByteVector encoded;
    std::string_view bytes;
  };
  const Row rows[] = {
      {wire::encode(ChannelOpen{"session", 3, 0x200000, 0x8000, {}}),
       "5a 00000007 73657373696f6e 00000003 00200000 00008000"},
      {wire::encode(ChannelOpenConfirmation{3, 0, 0x200000, 0x8000, {}}), "5b 00000003 00000000 00200000 00008000"},
      {wire::encode(ChannelOpenFailure{3, 2, "no", "en"}), "5c 00000003 00000002 00000002 6e6f 00000002 656e"},
      {wire::encode(ChannelWindowAdjust{3, 0xffffffff}), "5d 00000003 ffffffff"},
      {wire::encode(ChannelData{3, as_bytes("abc")}), "5e 00000003 00000003 616263"},
      {wire::encode(ChannelExtendedData{3, 1, as_bytes("abc")}), "5f 00000003 00000001 00000003 616263"},
      {wire::encode(ChannelEof{3}), "60 00000003"},
      {wire::encode(ChannelClose{3}), "61 00000003"},
      {wire::encode(ChannelRequest{3, "shell", true, {}}), "62 00000003 00000005 7368656c6c 01"},
      {wire::encode(ChannelSuccess{3}), "63 00000003"},
      {wire::encode(ChannelFailure{3}), "64 00000003"},
      {wire::encode(GlobalRequest{"tcpip-forward", true, {}}), "50 0000000d 74637069702d666f7277617264 01"},
      {wire::encode(RequestFailure{}), "52"},
      {wire::encode(ExitSignal{"TERM", false, "bye", ""}), "00000004 5445524d 00 00000003 627965 00000000"},
      {wire::encode(ExitStatus{255}), "000000ff"},
      {wire::encode(PtyRequest{"vt100", 80, 24, 640, 480, {}}),
       "00000005 7674313030 00000050 00000018 00000280 000001e0 00000000"},
  };
  for (const Row& row : rows) CHECK(to_hex(row.encoded) == to_hex(from_hex(row.bytes)));
}
