// Matches answers to requests of a protocol that answers in order (RFC 4254 §4, §5.4): each request takes a ticket, and
// waits for the answer of that number.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "hawser/net/signal.h"

namespace hawser::net {

template <class Answer>
class AnswerQueue {
 public:
  explicit AnswerQueue(const asio::any_io_executor& executor) : signal_(executor) {}

  std::uint64_t issue() { return issued_++; }

  void deliver(Answer answer) {
    answers_.emplace(delivered_++, std::move(answer));
    signal_.notify();
  }

  // No answer will come any more.
  void close() {
    closed_ = true;
    signal_.notify();
  }

  // nullopt: closed before the answer came.
  asio::awaitable<std::optional<Answer>> wait(std::uint64_t ticket) {
    while (true) {
      if (const auto found = answers_.find(ticket); found != answers_.end()) {
        std::optional<Answer> answer = std::move(found->second);
        answers_.erase(found);
        co_return answer;
      }
      if (closed_) co_return std::nullopt;
      co_await signal_.wait();
    }
  }

 private:
  std::map<std::uint64_t, Answer> answers_;
  std::uint64_t issued_ = 0;
  std::uint64_t delivered_ = 0;
  Signal signal_;
  bool closed_ = false;
};

}  // namespace hawser::net
