// Reads a range of an open file into a sink with many READs under way. Replies may come in any order and be shorter
// than asked for: the rest is asked for again. The reader of the session drives it; the coroutine that runs it only
// waits for the end.
#pragma once

#include <deque>

#include "client/flight_control.h"
#include "client/sftp_session.h"

namespace hawser::client {

class Download {
 public:
  // Up to `end`, or to the end of the file where that comes first. All references are borrowed until `run` returns.
  Download(std::shared_ptr<SFTPSession> session, const std::string& handle, DataSink& sink, std::uint64_t begin,
           std::uint64_t end, const TransferOptions& options);

  // Asks for the size first (FSTAT, not waited for), so that an unknown end is not overrun by a whole depth of
  // requests.
  void learn_size();
  // The offset behind the last byte that was written to the sink without a gap.
  Awaitable<SFTPResult<std::uint64_t>> run();
  // After `run` has failed: the offset behind which bytes may be missing.
  std::uint64_t complete_end() const { return std::min(missing_, data_end_); }

 private:
  class Block final : public Completion {
   public:
    explicit Block(Download& owner) : owner_(owner) {}
    void complete(sftp::Reply& reply) override { owner_.answered(*this, reply); }

    std::uint64_t offset = 0;
    std::uint32_t length = 0;
    FlightControl::Clock::time_point sent;

   private:
    Download& owner_;
  };
  class SizeReply final : public Completion {
   public:
    explicit SizeReply(Download& owner) : owner_(owner) {}
    void complete(sftp::Reply& reply) override { owner_.size_known(reply); }

   private:
    Download& owner_;
  };

  void issue();
  void send(Block& block);
  bool may_issue() const;
  void answered(Block& block, sftp::Reply& reply);
  Result<void> store(Block& block, sftp::Reply& reply);
  void size_known(sftp::Reply& reply);
  void fail(SFTPError error);
  bool finished() const;
  Block& free_block();

  std::shared_ptr<SFTPSession> session_;
  const std::string& handle_;
  DataSink& sink_;
  const TransferOptions& options_;
  FlightControl control_;
  std::uint32_t request_size_;
  std::uint64_t begin_;
  std::uint64_t next_;
  std::uint64_t end_;                   // nothing is asked for from here on; EOF and FSTAT pull it down
  std::uint64_t eof_ = UINT64_MAX;      // the lowest offset for which the server said EOF
  std::uint64_t data_end_;              // behind the last byte that came
  std::uint64_t missing_ = UINT64_MAX;  // the lowest offset that was asked for and did not come
  std::optional<std::uint64_t> size_;   // what FSTAT said
  std::uint64_t done_ = 0;
  bool waiting_size_ = false;
  std::size_t in_flight_ = 0;  // requests
  std::size_t asked_bytes_ = 0;
  std::optional<SFTPError> failure_;
  std::deque<Block> blocks_;  // addresses stay
  std::vector<Block*> free_;
  std::vector<Bytes> pieces_;
  SizeReply size_reply_{*this};
  net::Signal finished_;
};

}  // namespace hawser::client
