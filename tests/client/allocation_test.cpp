#include <doctest/doctest.h>

#include "client/client_fixture.h"
#include "support/counting_allocator.h"

using namespace hawser;
using namespace hawser::client;
using test::ClientRig;
using test::run;

namespace {

// As large as it is told, and takes what comes.
class Zeros final : public DataSource, public DataSink {
 public:
  explicit Zeros(std::uint64_t size) : size_(size) {}
  Result<std::size_t> read_at(std::uint64_t offset, std::span<const MutableBytes> areas) override {
    std::size_t room = 0;
    for (const MutableBytes area : areas) room += area.size();
    return static_cast<std::size_t>(std::min<std::uint64_t>(room, size_ - offset));
  }
  Result<void> write_at(std::uint64_t, std::span<const Bytes>) override { return {}; }

 private:
  std::uint64_t size_;
};

constexpr std::uint64_t mebibyte = 1024 * 1024;

}  // namespace

// The server runs on a thread of its own, and only this thread's allocations count.
TEST_CASE("transfers: a READ or WRITE of 255 KiB allocates nothing in steady state") {
  ClientRig rig;
  const auto ssh = rig.login();
  const auto sftp = *run(rig.io, ssh->open_sftp());
  std::size_t put_allocations[2];
  std::size_t get_allocations[2];
  // The first round fills the pools.
  for (const std::size_t round : {0u, 0u, 1u}) {
    Zeros file(round == 0 ? 32 * mebibyte : 128 * mebibyte);
    const test::AllocationCounter put_counter;
    REQUIRE(run(rig.io, sftp->put(file, "/f")));
    put_allocations[round] = put_counter.count();
    CHECK(put_counter.bytes() < 8 * mebibyte);
    const test::AllocationCounter get_counter;
    REQUIRE(run(rig.io, sftp->get("/f", file)));
    get_allocations[round] = get_counter.count();
    CHECK(get_counter.bytes() < 8 * mebibyte);
  }
  // Four times the size costs the same: opening, closing, and the queues' way to their full length.
  constexpr std::size_t tolerance = 32;
  CHECK(put_allocations[1] <= put_allocations[0] + tolerance);
  CHECK(get_allocations[1] <= get_allocations[0] + tolerance);
}
