// Runs a target over every file of the folders given, and over the empty input; with mutations, also over so many
// changed forms of each file, the same in every run. That is no search as libFuzzer's is, but needs no clang.
//
//   replay_TARGET [--mutations N] FOLDER...
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "target.h"

// Of targets that have one.
extern "C" __attribute__((weak)) std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                                                     std::size_t max_size, unsigned int seed);

namespace {

constexpr std::size_t max_size = 8192;

void run_mutations(const std::vector<std::uint8_t>& input, unsigned int mutations) {
  for (unsigned int seed = 0; seed != mutations; ++seed) {
    std::vector<std::uint8_t> changed(input);
    changed.resize(std::max(max_size, input.size()));
    std::size_t size = input.size();
    for (unsigned int depth = 0; depth <= seed % 4; ++depth) {
      size = LLVMFuzzerCustomMutator(changed.data(), size, changed.size(), seed * 4 + depth);
    }
    // In memory of just its size, so that a read beyond it is seen.
    const std::vector<std::uint8_t> exact(changed.begin(), changed.begin() + static_cast<std::ptrdiff_t>(size));
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
  }
}

}  // namespace

int main(int argc, char** argv) {
  unsigned int mutations = 0;
  int first = 1;
  if (argc > 2 && std::strcmp(argv[1], "--mutations") == 0) {
    mutations = static_cast<unsigned int>(std::stoul(argv[2]));
    first = 3;
  }
  if (mutations != 0 && LLVMFuzzerCustomMutator == nullptr) {
    std::fprintf(stderr, "replay: this target has no mutator\n");
    return 2;
  }
  LLVMFuzzerTestOneInput(nullptr, 0);
  std::size_t inputs = 0;
  for (int i = first; i < argc; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::vector<char> chars{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
      const std::vector<std::uint8_t> bytes(chars.begin(), chars.end());
      LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
      run_mutations(bytes, mutations);
      ++inputs;
    }
  }
  std::printf("%zu inputs replayed\n", inputs);
  if (inputs == 0) std::fprintf(stderr, "replay: the corpus is empty\n");
  return inputs == 0 ? 1 : 0;
}
