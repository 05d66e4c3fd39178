// The messages of the connection protocol (RFC 4254 §9).
#pragma once

#include "hawser/channel/request_bodies.h"
#include "hawser/wire/codec.h"

namespace hawser::channel {

struct GlobalRequest {
  static constexpr std::uint8_t number = 80;
  static constexpr const char* name = "SSH_MSG_GLOBAL_REQUEST";
  std::string_view request_name;
  bool want_reply = false;
  wire::Rest specific;
  static constexpr auto fields = std::tuple{wire::field("request_name", &GlobalRequest::request_name),
                                            wire::field("want_reply", &GlobalRequest::want_reply),
                                            wire::field("specific", &GlobalRequest::specific)};
};

struct RequestSuccess {
  static constexpr std::uint8_t number = 81;
  static constexpr const char* name = "SSH_MSG_REQUEST_SUCCESS";
  wire::Rest specific;
  static constexpr auto fields = std::tuple{wire::field("specific", &RequestSuccess::specific)};
};

struct RequestFailure {
  static constexpr std::uint8_t number = 82;
  static constexpr const char* name = "SSH_MSG_REQUEST_FAILURE";
  static constexpr auto fields = std::tuple<>{};
};

struct ChannelOpen {
  static constexpr std::uint8_t number = 90;
  static constexpr const char* name = "SSH_MSG_CHANNEL_OPEN";
  std::string_view channel_type;
  std::uint32_t sender_channel = 0;
  std::uint32_t initial_window_size = 0;
  std::uint32_t maximum_packet_size = 0;
  wire::Rest specific;
  static constexpr auto fields = std::tuple{wire::field("channel_type", &ChannelOpen::channel_type),
                                            wire::field("sender_channel", &ChannelOpen::sender_channel),
                                            wire::field("initial_window_size", &ChannelOpen::initial_window_size),
                                            wire::field("maximum_packet_size", &ChannelOpen::maximum_packet_size),
                                            wire::field("specific", &ChannelOpen::specific)};
};

struct ChannelOpenConfirmation {
  static constexpr std::uint8_t number = 91;
  static constexpr const char* name = "SSH_MSG_CHANNEL_OPEN_CONFIRMATION";
  std::uint32_t recipient_channel = 0;
  std::uint32_t sender_channel = 0;
  std::uint32_t initial_window_size = 0;
  std::uint32_t maximum_packet_size = 0;
  wire::Rest specific;
  static constexpr auto fields =
      std::tuple{wire::field("recipient_channel", &ChannelOpenConfirmation::recipient_channel),
                 wire::field("sender_channel", &ChannelOpenConfirmation::sender_channel),
                 wire::field("initial_window_size", &ChannelOpenConfirmation::initial_window_size),
                 wire::field("maximum_packet_size", &ChannelOpenConfirmation::maximum_packet_size),
                 wire::field("specific", &ChannelOpenConfirmation::specific)};
};

struct ChannelOpenFailure {
  static constexpr std::uint8_t number = 92;
  static constexpr const char* name = "SSH_MSG_CHANNEL_OPEN_FAILURE";
  std::uint32_t recipient_channel = 0;
  std::uint32_t reason_code = 0;
  std::string_view description;
  std::string_view language_tag;
  static constexpr auto fields = std::tuple{wire::field("recipient_channel", &ChannelOpenFailure::recipient_channel),
                                            wire::field("reason_code", &ChannelOpenFailure::reason_code),
                                            wire::field("description", &ChannelOpenFailure::description),
                                            wire::field("language_tag", &ChannelOpenFailure::language_tag)};
};

struct ChannelWindowAdjust {
  static constexpr std::uint8_t number = 93;
  static constexpr const char* name = "SSH_MSG_CHANNEL_WINDOW_ADJUST";
  std::uint32_t recipient_channel = 0;
  std::uint32_t bytes_to_add = 0;
  static constexpr auto fields = std::tuple{wire::field("recipient_channel", &ChannelWindowAdjust::recipient_channel),
                                            wire::field("bytes_to_add", &ChannelWindowAdjust::bytes_to_add)};
};

struct ChannelData {
  static constexpr std::uint8_t number = 94;
  static constexpr const char* name = "SSH_MSG_CHANNEL_DATA";
  std::uint32_t recipient_channel = 0;
  Bytes data;
  static constexpr auto fields = std::tuple{wire::field("recipient_channel", &ChannelData::recipient_channel),
                                            wire::field("data", &ChannelData::data)};
};

struct ChannelExtendedData {
  static constexpr std::uint8_t number = 95;
  static constexpr const char* name = "SSH_MSG_CHANNEL_EXTENDED_DATA";
  std::uint32_t recipient_channel = 0;
  std::uint32_t data_type_code = 0;
  Bytes data;
  static constexpr auto fields = std::tuple{wire::field("recipient_channel", &ChannelExtendedData::recipient_channel),
                                            wire::field("data_type_code", &ChannelExtendedData::data_type_code),
                                            wire::field("data", &ChannelExtendedData::data)};
};

struct ChannelEof {
  static constexpr std::uint8_t number = 96;
  static constexpr const char* name = "SSH_MSG_CHANNEL_EOF";
  std::uint32_t recipient_channel = 0;
  static constexpr auto fields = std::tuple{wire::field("recipient_channel", &ChannelEof::recipient_channel)};
};

struct ChannelClose {
  static constexpr std::uint8_t number = 97;
  static constexpr const char* name = "SSH_MSG_CHANNEL_CLOSE";
  std::uint32_t recipient_channel = 0;
  static constexpr auto fields = std::tuple{wire::field("recipient_channel", &ChannelClose::recipient_channel)};
};

struct ChannelRequest {
  static constexpr std::uint8_t number = 98;
  static constexpr const char* name = "SSH_MSG_CHANNEL_REQUEST";
  std::uint32_t recipient_channel = 0;
  std::string_view request_type;
  bool want_reply = false;
  wire::Rest specific;
  static constexpr auto fields = std::tuple{wire::field("recipient_channel", &ChannelRequest::recipient_channel),
                                            wire::field("request_type", &ChannelRequest::request_type),
                                            wire::field("want_reply", &ChannelRequest::want_reply),
                                            wire::field("specific", &ChannelRequest::specific)};
};

struct ChannelSuccess {
  static constexpr std::uint8_t number = 99;
  static constexpr const char* name = "SSH_MSG_CHANNEL_SUCCESS";
  std::uint32_t recipient_channel = 0;
  static constexpr auto fields = std::tuple{wire::field("recipient_channel", &ChannelSuccess::recipient_channel)};
};

struct ChannelFailure {
  static constexpr std::uint8_t number = 100;
  static constexpr const char* name = "SSH_MSG_CHANNEL_FAILURE";
  std::uint32_t recipient_channel = 0;
  static constexpr auto fields = std::tuple{wire::field("recipient_channel", &ChannelFailure::recipient_channel)};
};

using ChannelMessages = std::tuple<GlobalRequest, RequestSuccess, RequestFailure, ChannelOpen, ChannelOpenConfirmation,
                                   ChannelOpenFailure, ChannelWindowAdjust, ChannelData, ChannelExtendedData,
                                   ChannelEof, ChannelClose, ChannelRequest, ChannelSuccess, ChannelFailure>;

}  // namespace hawser::channel
