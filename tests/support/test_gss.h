// A GSS mechanism for tests: some tokens to and fro, then MICs with a key that both sides know. It proves nothing to
// anybody; what it can do is go wrong at any step.
#pragma once

#include "hawser/auth/gssapi.h"
#include "hawser/crypto/hash.h"

namespace hawser::test {

// An object identifier in DER: 1.2.3.N.
inline ByteVector test_mechanism(std::uint8_t last = 4) { return {0x06, 0x03, 0x2a, 0x03, last}; }

struct TestGss {
  std::string initiator_name = "joe@EXAMPLE.ORG";
  std::size_t tokens = 3;             // until both contexts are complete; the initiator sends the first
  std::optional<std::size_t> breaks;  // the token on which its receiver fails
  bool with_error_token = true;       // and what it sends then
  bool with_integrity = true;
  std::string key = "known to both";  // of the MICs
};

inline ByteVector test_gss_mic(const TestGss& mechanism, Bytes data) {
  return crypto::Hash(crypto::HashAlgorithm::sha256).update(as_bytes(mechanism.key)).update(data).finish();
}

// What both roles do: token i goes from the initiator where i is even.
class TestGssContext {
 public:
  TestGssContext(TestGss mechanism, bool initiator) : mechanism_(std::move(mechanism)), initiator_(initiator) {}

  auth::GssStep step(Bytes token) {
    if (sends_next()) return send();
    const std::size_t number = next_++;
    if (mechanism_.breaks == number || as_text(token) != text_of(number)) return fail();
    return next_ < mechanism_.tokens ? send() : auth::GssStep{auth::GssStep::State::complete, {}, 0, 0, {}};
  }

  const TestGss& mechanism() const { return mechanism_; }

 private:
  bool sends_next() const { return (next_ % 2 == 0) == initiator_; }
  static std::string text_of(std::size_t number) { return "token " + std::to_string(number); }
  auth::GssStep send() {
    const std::string text = text_of(next_++);
    const bool done = next_ == mechanism_.tokens;
    return {done ? auth::GssStep::State::complete : auth::GssStep::State::continue_needed,
            to_vector(as_bytes(text)),
            0,
            0,
            {}};
  }
  auth::GssStep fail() const {
    const std::string_view token = mechanism_.with_error_token ? "it broke" : "";
    return {auth::GssStep::State::failed, to_vector(as_bytes(token)), 0xd0000, 7, "the ticket has expired"};
  }

  TestGss mechanism_;
  bool initiator_;
  std::size_t next_ = 0;
};

class TestGssClient final : public auth::GssClientProvider {
 public:
  explicit TestGssClient(TestGss mechanism = {}) : mechanism_(std::move(mechanism)) {}

  std::vector<ByteVector> mechanisms() const override { return offered; }
  std::unique_ptr<auth::GssInitiator> initiate(Bytes) override {
    return has_credentials ? std::make_unique<Initiator>(mechanism_) : nullptr;
  }

  std::vector<ByteVector> offered{test_mechanism(9), test_mechanism()};
  bool has_credentials = true;

 private:
  class Initiator final : public auth::GssInitiator {
   public:
    explicit Initiator(const TestGss& mechanism) : context_(mechanism, true) {}
    auth::GssStep step(Bytes token) override { return context_.step(token); }
    Result<ByteVector> mic(Bytes data) override {
      if (!context_.mechanism().with_integrity) return Error(Errc::unsupported);
      return test_gss_mic(context_.mechanism(), data);
    }

   private:
    TestGssContext context_;
  };
  TestGss mechanism_;
};

class TestGssServer final : public auth::GssServerProvider {
 public:
  explicit TestGssServer(TestGss mechanism = {}) : mechanism_(std::move(mechanism)) {}

  bool supports(Bytes mechanism) const override { return equal(mechanism, test_mechanism()); }
  std::unique_ptr<auth::GssAcceptor> accept(Bytes) override { return std::make_unique<Acceptor>(mechanism_, living_); }
  // Security contexts that have not been let go.
  long living_contexts() const { return living_.use_count() - 1; }

 private:
  class Acceptor final : public auth::GssAcceptor {
   public:
    Acceptor(const TestGss& mechanism, std::shared_ptr<void> alive)
        : context_(mechanism, false), alive_(std::move(alive)) {}
    auth::GssStep step(Bytes token) override { return context_.step(token); }
    bool verify_mic(Bytes data, Bytes mic) override { return equal(test_gss_mic(context_.mechanism(), data), mic); }
    std::string initiator_name() const override { return context_.mechanism().initiator_name; }

   private:
    TestGssContext context_;
    std::shared_ptr<void> alive_;
  };
  TestGss mechanism_;
  std::shared_ptr<void> living_ = std::make_shared<char>();
};

}  // namespace hawser::test
