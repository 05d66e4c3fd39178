// What gssapi-with-mic (RFC 4462 §3) needs of the Generic Security Service API (RFC 2743): a mechanism such as Kerberos
// implements these, one pair for each side. This library brings none.
//
// A provider is shared by all sessions and thread-safe; a context belongs to one session. `step` and `accept` are
// called on the session's thread and hold it up: an initiator that must ask a ticket server should have its ticket
// before.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "hawser/wire/bytes.h"
#include "hawser/wire/result.h"

namespace hawser::auth {

// What GSS_Init_sec_context or GSS_Accept_sec_context has given.
struct GssStep {
  enum class State : std::uint8_t { continue_needed, complete, failed };

  State state = State::failed;
  ByteVector token;  // for the peer; where it failed: the error token. Empty: none
  // Where it failed, for the peer's user (RFC 4462 §3.8). Without secrets.
  std::uint32_t major_status = 0;
  std::uint32_t minor_status = 0;
  std::string message;
};

class GssContext {
 public:
  virtual ~GssContext() = default;
  // `token` is the peer's; empty in an initiator's first step. Not called again after `complete` or `failed`, but for
  // the peer's error token, whose outcome does not matter.
  virtual GssStep step(Bytes token) = 0;
};

class GssInitiator : public GssContext {
 public:
  // GSS_GetMIC, once the context is complete. An error where the mechanism gives no integrity.
  virtual Result<ByteVector> mic(Bytes data) = 0;
};

class GssAcceptor : public GssContext {
 public:
  // GSS_VerifyMIC, once the context is complete.
  virtual bool verify_mic(Bytes data, Bytes mic) = 0;
  // The initiator's name in its exported textual form, such as "joe@EXAMPLE.ORG"; once the context is complete.
  virtual std::string initiator_name() const = 0;
};

// Object identifiers are in DER, tag and length included (RFC 4462 §3.2): Kerberos 5 is 06 09 2a 86 48 86 f7 12 01 02
// 02. SPNEGO must not be among them.
class GssClientProvider {
 public:
  virtual ~GssClientProvider() = default;
  // In order of preference.
  virtual std::vector<ByteVector> mechanisms() const = 0;
  // A context with the server that the provider was made for. Null: there are no credentials.
  virtual std::unique_ptr<GssInitiator> initiate(Bytes mechanism) = 0;
};

class GssServerProvider {
 public:
  virtual ~GssServerProvider() = default;
  virtual bool supports(Bytes mechanism) const = 0;
  // Null: it cannot be used after all.
  virtual std::unique_ptr<GssAcceptor> accept(Bytes mechanism) = 0;
};

}  // namespace hawser::auth
