// A session written down so that one side of it can be run again: what it sent and received, in order and as on the
// wire, and the times it was told. With the same random and the same user above it that side sends the same bytes
// again, byte for byte.
//
//   recording:   auto recorder = std::make_shared<TranscriptRecorder>(Role::client, seed);
//                config.make_observer = [recorder](Role) { return recorder; };   … run the session …
//                write_file(path, recorder->transcript().text());
//   replaying:   an end with the same configuration and a random of the same seed;
//                replay(transcript, end);    // the first difference fails the test
//
// The form is text, a line for each step:
//   # a comment
//   role client             our side: `client` or `server`
//   seed 7                  of the random, whose kind the user of the file knows
//   note kex some-name      a word and a value, for the user of the file; any number of them
//   tick 1500000            the clock, in microseconds since the session began
//   sent 5353482d…          as the driver wrote it; as many lines as it takes, 64 bytes in each but the last
//   received 5353482d…      what one read gave; a longer one goes on in lines of `and …`
#pragma once

#include <doctest/doctest.h>

#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "hawser/transport/observer.h"
#include "support/hex.h"

namespace hawser::test {

struct TranscriptStep {
  enum class Kind { sent, received, tick };
  Kind kind = Kind::tick;
  ByteVector bytes;
  std::chrono::microseconds time{0};  // of a tick
  friend bool operator==(const TranscriptStep&, const TranscriptStep&) = default;
};

struct Transcript {
  Role role = Role::client;
  std::uint64_t seed = 0;
  std::map<std::string, std::string> notes;
  std::vector<TranscriptStep> steps;

  std::string text() const;
  // Throws std::invalid_argument.
  static Transcript from_text(const std::string& text);
  ByteVector all(TranscriptStep::Kind kind) const {
    ByteVector bytes;
    for (const TranscriptStep& step : steps) {
      if (step.kind == kind) bytes.insert(bytes.end(), step.bytes.begin(), step.bytes.end());
    }
    return bytes;
  }
};

class TranscriptRecorder final : public transport::Observer {
 public:
  // `start` is what the session is told as the present time when it is made.
  TranscriptRecorder(Role role, std::uint64_t seed, TimePoint start = TimePoint()) : start_(start) {
    transcript_.role = role;
    transcript_.seed = seed;
  }
  void note(const std::string& word, const std::string& value) { transcript_.notes[word] = value; }
  const Transcript& transcript() const { return transcript_; }

  void on_bytes(transport::Direction direction, Bytes bytes) override {
    std::vector<TranscriptStep>& steps = transcript_.steps;
    if (direction == transport::Direction::received) {
      steps.push_back({TranscriptStep::Kind::received, to_vector(bytes), {}});
    } else if (!steps.empty() && steps.back().kind == TranscriptStep::Kind::sent) {
      steps.back().bytes.insert(steps.back().bytes.end(), bytes.begin(), bytes.end());
    } else {
      steps.push_back({TranscriptStep::Kind::sent, to_vector(bytes), {}});
    }
  }
  void on_tick(TimePoint time) override {
    const auto since = std::chrono::duration_cast<std::chrono::microseconds>(time - start_);
    transcript_.steps.push_back({TranscriptStep::Kind::tick, {}, since});
  }

 private:
  TimePoint start_;
  Transcript transcript_;
};

inline std::string Transcript::text() const {
  std::ostringstream out;
  out << "role " << (role == Role::client ? "client" : "server") << "\nseed " << seed << '\n';
  for (const auto& [word, value] : notes) out << "note " << word << ' ' << value << '\n';
  for (const TranscriptStep& step : steps) {
    if (step.kind == TranscriptStep::Kind::tick) {
      out << "tick " << step.time.count() << '\n';
      continue;
    }
    const char* word = step.kind == TranscriptStep::Kind::sent ? "sent" : "received";
    for (Bytes rest(step.bytes); !rest.empty();) {
      const std::size_t count = std::min<std::size_t>(rest.size(), 64);
      out << word << ' ' << to_hex(rest.first(count)) << '\n';
      rest = rest.subspan(count);
      word = "and";
    }
  }
  return out.str();
}

inline Transcript Transcript::from_text(const std::string& text) {
  Transcript transcript;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line[0] == '#') continue;
    std::istringstream words(line);
    std::string word, value;
    words >> word >> value;
    using Kind = TranscriptStep::Kind;
    if (word == "role" && (value == "client" || value == "server")) {
      transcript.role = value == "client" ? Role::client : Role::server;
    } else if (word == "seed") {
      transcript.seed = std::stoull(value);
    } else if (word == "note") {
      words >> transcript.notes[value];
    } else if (word == "tick") {
      transcript.steps.push_back({Kind::tick, {}, std::chrono::microseconds(std::stoll(value))});
    } else if (word == "sent" || word == "received") {
      transcript.steps.push_back({word == "sent" ? Kind::sent : Kind::received, from_hex(value), {}});
    } else if (word == "and" && !transcript.steps.empty()) {
      const ByteVector more = from_hex(value);
      transcript.steps.back().bytes.insert(transcript.steps.back().bytes.end(), more.begin(), more.end());
    } else {
      throw std::invalid_argument("transcript: " + line);
    }
  }
  return transcript;
}

// Takes exactly as many bytes as were sent then, and compares them. `driven` is a transport or a session.
template <class Driven>
bool sends_again(Driven& driven, Bytes expected) {
  while (!expected.empty()) {
    const std::span<const Bytes> pieces = driven.transmit();
    if (pieces.empty()) return false;
    const std::size_t count = std::min(pieces[0].size(), expected.size());
    if (!std::equal(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(count), pieces[0].begin())) {
      return false;
    }
    driven.transmitted(count);
    expected = expected.subspan(count);
  }
  return true;
}

// Runs `driven` through the transcript; `receive(bytes)` hands it bytes and acts on the events, as its user did. In the
// end nothing may be left to send.
template <class Driven, class Receive>
void replay(const Transcript& transcript, Driven& driven, Receive receive, TimePoint start = TimePoint()) {
  for (std::size_t step = 0; step != transcript.steps.size(); ++step) {
    CAPTURE(step);
    const TranscriptStep& now = transcript.steps[step];
    switch (now.kind) {
      case TranscriptStep::Kind::sent: REQUIRE(sends_again(driven, now.bytes)); break;
      case TranscriptStep::Kind::received: receive(Bytes(now.bytes)); break;
      case TranscriptStep::Kind::tick: driven.tick(start + now.time); break;
    }
  }
  CHECK(driven.transmit().empty());
}

}  // namespace hawser::test
