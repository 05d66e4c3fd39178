#include "tools/listing.h"

#include <doctest/doctest.h>

using namespace hawser;
using namespace hawser::tools;

TEST_CASE("ls -l: columns are as wide as their widest entry, links show where they lead") {
  constexpr std::int64_t now = 1'700'000'000;  // 2023-11-14 22:13:20
  const auto attributes = [](std::uint64_t size, std::uint32_t mode, std::uint32_t uid, std::uint32_t time) {
    sftp::Attributes a;
    a.size = size;
    a.permissions = mode;
    a.owner = sftp::Owner{uid, 100};
    a.times = sftp::FileTimes{time, time};
    return a;
  };
  const std::vector<ListedName> names{{"a", "", attributes(7, 0100644, 0, 1'699'999'000)},
                                      {"dir", "", attributes(4096, 0040755, 1000, 1'000'000'000)},
                                      {"l", "a", attributes(1, 0120777, 0, 1'800'000'000)},
                                      {"unknown", "", {}}};
  CHECK(long_listing(names, false, now) ==
        "-rw-r--r--    0 100    7 Nov 14 21:56 a\n"
        "drwxr-xr-x 1000 100 4096 Sep 09  2001 dir\n"
        "lrwxrwxrwx    0 100    1 Jan 15  2027 l -> a\n"
        "??????????    -   -    - -            unknown\n");
  CHECK(long_listing({names[1]}, true, now) == "drwxr-xr-x 1000 100 4.0K Sep 09  2001 dir\n");
  CHECK(long_listing({}, false, now).empty());
}

TEST_CASE("short sizes") {
  const std::pair<std::uint64_t, const char*> cases[] = {{0, "0"},          {1023, "1023"},     {1024, "1.0K"},
                                                         {1536, "1.5K"},    {10 * 1024, "10K"}, {1023 * 1024, "1023K"},
                                                         {1048575, "1.0M"}, {UINT64_MAX, "16E"}};
  for (const auto& [bytes, text] : cases) CHECK(short_size(bytes) == text);
}
