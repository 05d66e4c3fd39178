// An amount that may be taken, in parts, up to a limit: of bytes, or of files. Thread-safe.
#pragma once

#include <atomic>
#include <cstdint>

namespace hawser::server {

class Allowance {
 public:
  explicit Allowance(std::uint64_t limit) : limit_(limit) {}  // 0: without limit

  // False: that much is not left, and nothing has been taken.
  bool take(std::uint64_t amount);
  // Counts what is there already, even past the limit.
  void take_anyway(std::uint64_t amount) { used_ += amount; }
  // More than was taken is as much as was taken: others may have changed what is counted.
  void give_back(std::uint64_t amount);

  std::uint64_t limit() const { return limit_; }
  std::uint64_t used() const { return used_; }
  std::uint64_t left() const;  // the largest number there is where there is no limit

 private:
  const std::uint64_t limit_;
  std::atomic<std::uint64_t> used_{0};
};

// An amount that is taken for something that may yet fail, or throw: it goes back unless it is kept.
class Claim {
 public:
  Claim(Allowance& allowance, std::uint64_t amount)
      : allowance_(allowance), amount_(amount), granted_(allowance.take(amount)) {}
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;
  ~Claim() {
    if (granted_) allowance_.give_back(amount_);
  }

  explicit operator bool() const { return granted_; }  // false: that much is not left
  void keep() { amount_ = 0; }

 private:
  Allowance& allowance_;
  std::uint64_t amount_;
  const bool granted_;
};

}  // namespace hawser::server
