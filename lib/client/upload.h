// Writes what a source gives into an open file with many WRITEs under way: the source reads straight into the packets.
#pragma once

#include <deque>

#include "client/flight_control.h"
#include "client/sftp_session.h"

namespace hawser::client {

class Upload {
 public:
  // All references are borrowed until `run` returns.
  Upload(std::shared_ptr<SFTPSession> session, const std::string& handle, DataSource& source,
         const TransferOptions& options);

  // To the end of the source, or up to the offset `size` where it is known. Gives the offset behind the last byte. All
  // answers have come by then.
  Awaitable<SFTPResult<std::uint64_t>> run(std::optional<std::uint64_t> size = std::nullopt);

 private:
  class Block final : public Completion {
   public:
    explicit Block(Upload& owner) : owner_(owner) {}
    void complete(sftp::Reply& reply) override { owner_.answered(*this, reply); }

    std::size_t length = 0;
    FlightControl::Clock::time_point sent;

   private:
    Upload& owner_;
  };

  bool may_issue() const;
  void issue();
  void answered(Block& block, const sftp::Reply& reply);
  void fail(SFTPError error);

  std::shared_ptr<SFTPSession> session_;
  const std::string& handle_;
  DataSource& source_;
  const TransferOptions& options_;
  FlightControl control_;
  std::size_t request_size_;
  std::uint64_t next_;
  std::uint64_t done_;
  std::optional<std::uint64_t> size_;
  bool ended_ = false;
  std::size_t in_flight_ = 0;
  std::size_t sent_bytes_ = 0;
  std::optional<SFTPError> failure_;
  std::deque<Block> blocks_;
  std::vector<Block*> free_;
  net::Signal answered_;
};

}  // namespace hawser::client
