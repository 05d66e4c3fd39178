#include "auth/signed_data.h"

#include "hawser/auth/method_messages.h"
#include "hawser/auth/request_fields.h"

namespace hawser::auth {

ByteVector publickey_signed_data(const transport::SessionId& session_id, std::string_view user,
                                 std::string_view algorithm, Bytes public_key_blob,
                                 std::optional<Bytes> server_host_key) {
  PublicKeySignedData data;
  data.session_identifier = session_id.bytes();
  data.user_name = user;
  data.service_name = connection_service;
  data.method_name = server_host_key ? publickey_hostbound_name : method_name(Method::publickey);
  data.algorithm_name = algorithm;
  data.public_key_blob = public_key_blob;
  return server_host_key ? wire::encode(HostboundSignedData{data, *server_host_key}) : wire::encode(data);
}

ByteVector gssapi_mic_data(const transport::SessionId& session_id, std::string_view user) {
  GssapiMicData data;
  data.session_identifier = session_id.bytes();
  data.user_name = user;
  data.service_name = connection_service;
  data.method_name = method_name(Method::gssapi_with_mic);
  return wire::encode(data);
}

}  // namespace hawser::auth
