#include "hawser/sftp/reply_writer.h"

#include <doctest/doctest.h>

#include <numeric>

#include "sftp/sample_message.h"

using namespace hawser;
using namespace hawser::test;

namespace {

// Decodes the only message in `bytes`.
template <class M>
Result<M> decode_framed(Bytes bytes) {
  REQUIRE(bytes.size() >= 4);
  REQUIRE(wire::load_uint32(bytes.data()) == bytes.size() - 4);
  return wire::decode<M>(bytes.subspan(4));
}

constexpr std::array<std::size_t, 6> part_sizes{1, 3, 13, 100, 32759, 200000};

}  // namespace

TEST_CASE("replies: a message is the same wherever the packets' borders fall") {
  const std::shared_ptr<BufferPool> pool = BufferPool::create();
  for (const std::size_t part : part_sizes) {
    for_each_type(std::type_identity<AllMessages>(), [&]<class M>() {
      const M message = sample_message<M>();
      PacketChain chain = make_chain(*pool, sftp::framed_size(message), part);
      sftp::write_message(chain, message);
      CHECK(written_bytes(chain) == framed(message));
    });
  }
}

TEST_CASE("replies: a message larger than the scratch memory crosses borders too") {
  const std::shared_ptr<BufferPool> pool = BufferPool::create();
  const std::string text(5000, 't');
  const sftp::SingleName name = sftp::single_name(3, text);
  PacketChain chain = make_chain(*pool, sftp::framed_size(name), 700);
  sftp::write_message(chain, name);
  const Result<sftp::Name> decoded = decode_framed<sftp::Name>(written_bytes(chain));
  CHECK(decoded.has_value());
}

TEST_CASE("replies: every status has a text and fits the room of a DATA reply") {
  const std::shared_ptr<BufferPool> pool = BufferPool::create();
  for (std::uint32_t code = 0; code <= 32; ++code) {
    PacketChain chain = make_chain(*pool, sftp::DataReply::room(1), 11);
    sftp::DataReply reply(chain, 0xffffffff, 1);
    reply.fail(static_cast<sftp::StatusCode>(code));
    const ByteVector bytes = written_bytes(chain);
    const Result<sftp::Status> status = decode_framed<sftp::Status>(bytes);
    REQUIRE(status);
    CHECK(status->id == 0xffffffff);
    CHECK(status->code == code);
    CHECK_FALSE(status->message.text.empty());
    CHECK(chain.size() == chain.written());
  }
}

TEST_CASE("DATA: the file is read into the packets, a short read is cut (filexfer-02 §6.4)") {
  const std::shared_ptr<BufferPool> pool = BufferPool::create();
  for (const std::size_t part : part_sizes) {
    for (const std::size_t length : {std::size_t{0}, std::size_t{1}, std::size_t{999}, std::size_t{1000}}) {
      CAPTURE(part);
      CAPTURE(length);
      PacketChain chain = make_chain(*pool, sftp::DataReply::room(1000), part);
      sftp::DataReply reply(chain, 5, 1000);
      std::uint8_t next = 0;
      for (const MutableBytes area : reply.areas()) {
        for (std::uint8_t& byte : area) byte = next++;
      }
      reply.finish(length);
      CHECK(chain.size() == sftp::DataReply::header_size + length);
      CHECK(chain.written() == chain.size());
      const ByteVector bytes = written_bytes(chain);
      const Result<sftp::Data> data = decode_framed<sftp::Data>(bytes);
      REQUIRE(data);
      CHECK(data->id == 5);
      ByteVector expected(length);
      std::iota(expected.begin(), expected.end(), std::uint8_t{0});
      CHECK(to_vector(data->data) == expected);
    }
  }
}

TEST_CASE("DATA: it may follow other replies in one chain") {
  const std::shared_ptr<BufferPool> pool = BufferPool::create();
  const sftp::Status ok = sftp::status_message(1, sftp::StatusCode::ok);
  PacketChain chain = make_chain(*pool, sftp::framed_size(ok) + sftp::DataReply::room(10), 20);
  sftp::write_message(chain, ok);
  sftp::DataReply reply(chain, 2, 10);
  for (const MutableBytes area : reply.areas()) std::ranges::fill(area, std::uint8_t{7});
  reply.finish(4);
  CHECK(written_bytes(chain) == framed(ok) + framed(sftp::Data{.id = 2, .data = ByteVector(4, 7)}));
}

TEST_CASE("NAME: entries are taken up to the limit and not a byte further") {
  const std::shared_ptr<BufferPool> pool = BufferPool::create();
  const sftp::NameEntry entry{"name", "-rw name", full_attributes()};
  const std::size_t size = wire::encoded_size(entry);
  sftp::NameReply reply(9, 13 + 3 * size);
  CHECK(reply.empty());
  for (int i = 0; i < 3; ++i) CHECK(reply.add(entry));
  CHECK_FALSE(reply.add(entry));
  CHECK(reply.count() == 3);
  CHECK(reply.size() == 13 + 3 * size);
  PacketChain chain = make_chain(*pool, reply.size(), 50);
  reply.write(chain);
  const ByteVector bytes = written_bytes(chain);
  const Result<sftp::Name> decoded = decode_framed<sftp::Name>(bytes);
  REQUIRE(decoded);
  CHECK(decoded->id == 9);
  CHECK(decoded->entries.size() == 3);
  for (const sftp::NameEntry& got : decoded->entries) CHECK(got == entry);

  reply.reset(10);
  CHECK(reply.empty());
  CHECK(reply.size() == 13);
}

TEST_CASE("[defect 19] NAME: a reply is never over 256 KiB") {
  sftp::NameReply reply;
  const std::string name(255, 'n');
  const std::string line(330, 'l');
  while (reply.add({name, line, full_attributes()})) {
  }
  CHECK(reply.size() <= 256 * 1024);
  CHECK(reply.size() > 255 * 1024);
}

TEST_CASE("NAME: REALPATH and READLINK are answered with one entry (filexfer-02 §6.11)") {
  const ByteVector bytes = wire::encode(sftp::single_name(4, "/home/a"));
  const Result<sftp::Name> decoded = wire::decode<sftp::Name>(bytes);
  REQUIRE(decoded);
  CHECK(decoded->entries.size() == 1);
  CHECK(decoded->entries.begin()->filename == "/home/a");
  CHECK(decoded->entries.begin()->attributes.empty());
}

TEST_CASE("STATUS: a text of the caller's, and the standard one") {
  CHECK(sftp::status_message(1, sftp::StatusCode::failure, "no room").message.text == "no room");
  CHECK(sftp::status_message(1, sftp::StatusCode::eof).message.text == "End of file");
  CHECK(std::string_view(sftp::status_text(static_cast<sftp::StatusCode>(0xffffffff))) == "Failure");
}
