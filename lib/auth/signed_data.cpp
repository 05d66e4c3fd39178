#include "auth/signed_data.h"

#include "hawser/auth/messages.h"

namespace hawser::auth {

ByteVector publickey_signed_data(const transport::SessionId& session_id, std::string_view user,
                                 std::string_view algorithm, Bytes public_key_blob) {
  PublicKeySignedData data;
  data.session_identifier = session_id.bytes();
  data.user_name = user;
  data.service_name = connection_service;
  data.method_name = "publickey";
  data.algorithm_name = algorithm;
  data.public_key_blob = public_key_blob;
  return wire::encode(data);
}

}  // namespace hawser::auth
