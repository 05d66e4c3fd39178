// Single parts by themselves: packet ciphers beside raw Botan, the codec, key exchanges. bench/micro_table makes tables
// of what it prints; --help tells of the options, which are Google Benchmark's.
#include <benchmark/benchmark.h>

#include "micro.h"

int main(int argc, char** argv) {
  hawser::bench::register_ciphers();
  hawser::bench::register_messages();
  hawser::bench::register_handshakes();
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
  benchmark::Shutdown();
}
