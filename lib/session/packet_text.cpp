#include "hawser/session/packet_text.h"

#include "hawser/auth/request_fields.h"
#include "hawser/channel/messages.h"
#include "hawser/transport/messages.h"
#include "hawser/wire/dump.h"

namespace hawser::session {
namespace {

constexpr std::string_view hidden = "(hidden)";

// Forms of fields that exist only to be shown.

// Bytes of which only the number is told.
struct Size {
  std::size_t size = 0;
};
void dump_value(std::string& out, Size value) { out += "[" + std::to_string(value.size) + "]"; }

// Parts one behind the other, as many as there are.
template <class Part>
struct PartList {
  Bytes content;
  bool hide = false;
};
void hide_field(auth::ResponseFields& part) { part.response = hidden; }
void hide_field(auth::PromptFields&) {}

template <class Part>
void dump_value(std::string& out, const PartList<Part>& list) {
  wire::Reader reader(list.content);
  out += '[';
  for (bool first = true; reader.remaining() != 0; first = false) {
    Part part;
    wire::Codec<Part>::read(reader, part);
    if (!first) out += ", ";
    if (!reader.ok()) {
      out += "malformed";
      break;
    }
    if (list.hide) hide_field(part);
    wire::dump_value(out, part);
  }
  out += ']';
}

template <class Specific>
struct RequestText {
  static constexpr std::uint8_t number = auth::UserauthRequest::number;
  static constexpr const char* name = auth::UserauthRequest::name;
  std::string_view user_name;
  std::string_view service_name;
  std::string_view method_name;
  Specific method_specific;
  static constexpr auto fields = std::tuple{wire::field("user_name", &RequestText::user_name),
                                            wire::field("service_name", &RequestText::service_name),
                                            wire::field("method_name", &RequestText::method_name),
                                            wire::field("method_specific", &RequestText::method_specific)};
};

struct InfoRequestText {
  static constexpr std::uint8_t number = auth::UserauthInfoRequest::number;
  static constexpr const char* name = auth::UserauthInfoRequest::name;
  std::string_view form_name;
  std::string_view instruction;
  PartList<auth::PromptFields> prompts;
  static constexpr auto fields = std::tuple{wire::field("form_name", &InfoRequestText::form_name),
                                            wire::field("instruction", &InfoRequestText::instruction),
                                            wire::field("prompts", &InfoRequestText::prompts)};
};

struct InfoResponseText {
  static constexpr std::uint8_t number = auth::UserauthInfoResponse::number;
  static constexpr const char* name = auth::UserauthInfoResponse::name;
  std::uint32_t num_responses = 0;
  PartList<auth::ResponseFields> responses;
  static constexpr auto fields = std::tuple{wire::field("num_responses", &InfoResponseText::num_responses),
                                            wire::field("responses", &InfoResponseText::responses)};
};

struct GssapiTokenText {
  static constexpr std::uint8_t number = auth::UserauthGssapiToken::number;
  static constexpr const char* name = auth::UserauthGssapiToken::name;
  Size token;
  static constexpr auto fields = std::tuple{wire::field("token", &GssapiTokenText::token)};
};

struct ChannelDataText {
  static constexpr std::uint8_t number = channel::ChannelData::number;
  static constexpr const char* name = channel::ChannelData::name;
  std::uint32_t recipient_channel = 0;
  Size data;
  static constexpr auto fields = std::tuple{wire::field("recipient_channel", &ChannelDataText::recipient_channel),
                                            wire::field("data", &ChannelDataText::data)};
};

struct ChannelExtendedDataText {
  static constexpr std::uint8_t number = channel::ChannelExtendedData::number;
  static constexpr const char* name = channel::ChannelExtendedData::name;
  std::uint32_t recipient_channel = 0;
  std::uint32_t data_type_code = 0;
  Size data;
  static constexpr auto fields =
      std::tuple{wire::field("recipient_channel", &ChannelExtendedDataText::recipient_channel),
                 wire::field("data_type_code", &ChannelExtendedDataText::data_type_code),
                 wire::field("data", &ChannelExtendedDataText::data)};
};

struct ChannelRequestText {
  static constexpr std::uint8_t number = channel::ChannelRequest::number;
  static constexpr const char* name = channel::ChannelRequest::name;
  std::uint32_t recipient_channel = 0;
  std::string_view request_type;
  bool want_reply = false;
  Size specific;
  static constexpr auto fields = std::tuple{wire::field("recipient_channel", &ChannelRequestText::recipient_channel),
                                            wire::field("request_type", &ChannelRequestText::request_type),
                                            wire::field("want_reply", &ChannelRequestText::want_reply),
                                            wire::field("specific", &ChannelRequestText::specific)};
};

class Presenter {
 public:
  explicit Presenter(PacketTextOptions options) : options_(options) {}

  template <class M>
  std::string operator()(const M& message) const {
    return wire::dump(message);
  }

  std::string operator()(const auth::UserauthRequest& request) const {
    const Bytes specific = request.method_specific.bytes;
    const std::string_view method = request.method_name;
    const bool flag = !specific.empty() && specific[0] != 0;  // RFC 4252 §7, §8: which of two forms it is
    if (method == "none" && specific.empty()) return wire::dump(request);
    if (method == "password") return password(request, flag);
    if (method == "publickey") {
      return flag ? part<auth::PublicKeySignedFields>(request) : part<auth::PublicKeyQueryFields>(request);
    }
    if (method == auth::publickey_hostbound_name) {
      return flag ? part<auth::HostboundSignedFields>(request) : part<auth::HostboundQueryFields>(request);
    }
    if (method == "keyboard-interactive") return part<auth::KeyboardInteractiveFields>(request);
    if (method == "gssapi-with-mic") return part<auth::GssapiFields>(request);
    return text_of(request, Size{specific.size()});
  }

  std::string operator()(const auth::UserauthInfoRequest& request) const {
    return wire::dump(InfoRequestText{request.form_name, request.instruction, {request.prompts.bytes, false}});
  }
  std::string operator()(const auth::UserauthInfoResponse& response) const {
    return wire::dump(InfoResponseText{response.num_responses, {response.responses.bytes, !options_.show_passwords}});
  }
  std::string operator()(const auth::UserauthGssapiToken& message) const {
    return wire::dump(GssapiTokenText{{message.token.size()}});
  }

  std::string operator()(const channel::ChannelData& message) const {
    if (options_.show_channel_data) return wire::dump(message);
    return wire::dump(ChannelDataText{message.recipient_channel, {message.data.size()}});
  }
  std::string operator()(const channel::ChannelExtendedData& message) const {
    if (options_.show_channel_data) return wire::dump(message);
    return wire::dump(
        ChannelExtendedDataText{message.recipient_channel, message.data_type_code, {message.data.size()}});
  }
  std::string operator()(const channel::ChannelRequest& message) const {
    const bool secret = message.request_type == "x11-req" || message.request_type == "env";
    if (!secret || options_.show_channel_data) return wire::dump(message);
    return wire::dump(ChannelRequestText{
        message.recipient_channel, message.request_type, message.want_reply, {message.specific.bytes.size()}});
  }

 private:
  std::string password(const auth::UserauthRequest& request, bool change) const {
    const auto hide_password = [this](auth::PasswordFields& part) {
      if (!options_.show_passwords) part.password = hidden;
    };
    const auto hide_both = [this](auth::PasswordChangeFields& part) {
      if (!options_.show_passwords) part.old_password = part.new_password = hidden;
    };
    return change ? part<auth::PasswordChangeFields>(request, hide_both)
                  : part<auth::PasswordFields>(request, hide_password);
  }

  template <class Specific, class Hide = void (*)(Specific&)>
  std::string part(
      const auth::UserauthRequest& request, Hide hide = [](Specific&) {}) const {
    Result<Specific> specific = wire::decode<Specific>(request.method_specific.bytes);
    if (!specific) return text_of(request, std::string_view("malformed"));
    hide(*specific);
    return text_of(request, *specific);
  }

  template <class Specific>
  std::string text_of(const auth::UserauthRequest& request, const Specific& specific) const {
    return wire::dump(RequestText<Specific>{request.user_name, request.service_name, request.method_name, specific});
  }

  PacketTextOptions options_;
};

template <class M>
std::string present(const Presenter& presenter, Bytes payload) {
  const Result<M> message = wire::decode<M>(payload);
  if (!message) return std::string(M::name) + " malformed: " + message.error().message();
  return presenter(*message);
}

// The message of the list with this payload's number; empty where it has none.
template <class List>
std::string find(const Presenter& presenter, Bytes payload) {
  std::string text;
  const auto look = [&]<class M>(const M*) {
    if (text.empty() && payload[0] == M::number) text = present<M>(presenter, payload);
  };
  [&]<class... M>(const std::tuple<M...>*) {
    (look(static_cast<const M*>(nullptr)), ...);
  }(static_cast<const List*>(nullptr));
  return text;
}

std::string of_kex(std::optional<crypto::KexFamily> family, const Presenter& presenter, Bytes payload) {
  if (!family) return {};
  switch (*family) {
    case crypto::KexFamily::modp_exchange: return find<transport::KexDhGexMessages>(presenter, payload);
    case crypto::KexFamily::modp_group14:
    case crypto::KexFamily::modp_group16:
    case crypto::KexFamily::modp_group18: return find<transport::KexdhMessages>(presenter, payload);
    default: return find<transport::KexEcdhMessages>(presenter, payload);
  }
}

// RFC 4252 §6: from 60 on, what the method in progress says.
std::string of_method(std::optional<auth::Method> method, const Presenter& presenter, Bytes payload) {
  using namespace auth;
  if (!method) return {};
  switch (*method) {
    case Method::none: return {};
    case Method::password: return find<std::tuple<UserauthPasswdChangereq>>(presenter, payload);
    case Method::publickey: return find<std::tuple<UserauthPkOk>>(presenter, payload);
    case Method::keyboard_interactive:
      return find<std::tuple<UserauthInfoRequest, UserauthInfoResponse>>(presenter, payload);
    case Method::gssapi_with_mic:
      return find<std::tuple<UserauthGssapiResponse, UserauthGssapiToken, UserauthGssapiExchangeComplete,
                             UserauthGssapiError, UserauthGssapiErrtok, UserauthGssapiMic>>(presenter, payload);
  }
  return {};
}

using PlainAuthMessages =
    std::tuple<auth::UserauthRequest, auth::UserauthFailure, auth::UserauthSuccess, auth::UserauthBanner>;

}  // namespace

void PacketText::on_negotiated(std::string_view kex) {
  const crypto::KexRow* row = crypto::find_kex(kex);
  if (row != nullptr) kex_ = row->family;
}

void PacketText::follow(Bytes payload) {
  if (payload[0] != auth::UserauthRequest::number) return;
  const Result<auth::UserauthRequest> request = wire::decode<auth::UserauthRequest>(payload);
  method_.reset();
  if (!request) return;
  for (const auth::Method method : auth::all_methods) {
    if (request->method_name == auth::method_name(method)) method_ = method;
  }
  if (request->method_name == auth::publickey_hostbound_name) method_ = auth::Method::publickey;
}

std::string PacketText::text(Bytes payload) {
  if (payload.empty()) return "an empty payload";
  follow(payload);
  const Presenter presenter(options_);
  const std::uint8_t number = payload[0];
  std::string text;
  if (number >= 30 && number <= 49) {
    text = of_kex(kex_, presenter, payload);
  } else if (number >= 60 && number <= 79) {
    text = of_method(method_, presenter, payload);
  } else if (number >= 50 && number <= 59) {
    text = find<PlainAuthMessages>(presenter, payload);
  } else if (number >= 80 && number <= 127) {
    text = find<channel::ChannelMessages>(presenter, payload);
  } else {
    text = find<transport::TransportMessages>(presenter, payload);
  }
  if (text.empty()) text = "message " + std::to_string(number) + ", " + std::to_string(payload.size()) + " bytes";
  return text;
}

}  // namespace hawser::session
