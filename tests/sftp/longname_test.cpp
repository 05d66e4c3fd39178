#include "hawser/sftp/longname.h"

#include <doctest/doctest.h>

using namespace hawser;

namespace {

constexpr std::int64_t march_25_1999 = 922372140;  // 14:29:00 UTC

sftp::Attributes file(std::uint32_t permissions, std::uint64_t size = 348911, std::uint32_t mtime = march_25_1999) {
  return {
      .size = size, .owner = sftp::Owner{1000, 100}, .permissions = permissions, .times = sftp::FileTimes{0, mtime}};
}

}  // namespace

TEST_CASE("longname: the line of the draft's example (filexfer-02 §7)") {
  CHECK(sftp::longname("t-filexfer", file(0100755), 1, march_25_1999 + 86400) ==
        "-rwxr-xr-x    1 1000     100        348911 Mar 25 14:29 t-filexfer");
}

TEST_CASE("longname: the date has the year when it is old or in the future") {
  const auto date = [](std::uint32_t mtime, std::int64_t now) {
    return sftp::longname("n", file(0100644, 1, mtime), 1, now).substr(43, 12);
  };
  constexpr std::int64_t half_a_year = 15768000;
  CHECK(date(march_25_1999, march_25_1999) == "Mar 25 14:29");
  CHECK(date(march_25_1999, march_25_1999 + half_a_year - 1) == "Mar 25 14:29");
  CHECK(date(march_25_1999, march_25_1999 + half_a_year) == "Mar 25  1999");
  CHECK(date(march_25_1999, march_25_1999 - 1) == "Mar 25  1999");
  CHECK(date(0, 10) == "Jan  1 00:00");
  CHECK(date(951782400, 951782400) == "Feb 29 00:00");
  CHECK(date(0xffffffff, 0) == "Feb  7  2106");
}

TEST_CASE("longname: the mode is that of ls") {
  struct Case {
    std::uint32_t mode;
    const char* text;
  };
  for (const Case c : {Case{0100000, "----------"}, Case{0040755, "drwxr-xr-x"}, Case{0120777, "lrwxrwxrwx"},
                       Case{0010600, "prw-------"}, Case{0140666, "srw-rw-rw-"}, Case{0060660, "brw-rw----"},
                       Case{0020620, "crw--w----"}, Case{0104755, "-rwsr-xr-x"}, Case{0104644, "-rwSr--r--"},
                       Case{0102755, "-rwxr-sr-x"}, Case{0102644, "-rw-r-Sr--"}, Case{0041777, "drwxrwxrwt"},
                       Case{0041776, "drwxrwxrwT"}, Case{0000644, "?rw-r--r--"}}) {
    CHECK(sftp::longname("n", file(c.mode), 1, 0).substr(0, 10) == c.text);
  }
}

TEST_CASE("[CVE-2026-0968] longname: unknown attributes read as 0, long numbers widen the line") {
  CHECK(sftp::longname("x", {}, 1, 0) == "?---------    1 0        0               0 Jan  1 00:00 x");
  CHECK(sftp::longname("x", file(0100644, UINT64_MAX), 123456, march_25_1999) ==
        "-rw-r--r-- 123456 1000     100      18446744073709551615 Mar 25 14:29 x");
}

TEST_CASE("[CVE-2026-0968] longname: it is appended") {
  std::string out = "before ";
  sftp::append_longname(out, "n", {}, 1, 0);
  CHECK(out.starts_with("before ?---"));
}
