// Operations per second of one SFTPBackend that many threads use at once.
//
//   backend_threads PORT USER KEY HOST_KEY.pub FOLDER OPERATION THREADS SECONDS
//
// OPERATION is stat, read or write, of files of 4 KiB; each thread has its own, FOLDER/0 and so on, which must be there
// for stat and read. Prints one JSON line: operations and operations per second.
#include <cstdio>
#include <string>

#include "hawser/client/sftp_backend.h"
#include "load_generator.h"

using namespace hawser;
using namespace hawser::bench;

namespace {

using Operation = void (*)(client::Backend& backend, const std::string& key);

void stat(client::Backend& backend, const std::string& key) {
  if (backend.get_file_info(key).size != small_size) throw std::runtime_error("a file of another size");
}

void read(client::Backend& backend, const std::string& key) {
  if (backend.read_bytes(key).size() != small_size) throw std::runtime_error("a file of another size");
}

void write(client::Backend& backend, const std::string& key) {
  static const ByteVector content(small_size, 7);
  backend.write(key, content, {.overwrite = true});
}

Operation operation_of(const std::string& name) {
  if (name == "stat") return stat;
  if (name == "read") return read;
  if (name == "write") return write;
  throw std::runtime_error("no such operation: " + name);
}

client::SFTPBackendOptions backend_options(const Target& target, std::string folder) {
  client::SFTPBackendOptions options;
  options.host = "127.0.0.1";
  options.port = target.port;
  options.username = target.user;
  options.credentials = {target.key};
  options.host_key_verifier = target.host_keys;
  options.base_path = std::move(folder);
  return options;
}

void generate(char** arguments) {
  const Target target = parse_target(arguments);
  const Operation operation = operation_of(arguments[target_arguments + 1]);
  const auto threads = static_cast<unsigned>(std::stoul(arguments[target_arguments + 2]));
  const Seconds duration(std::stod(arguments[target_arguments + 3]));
  client::SFTPBackend backend(backend_options(target, arguments[target_arguments]));
  backend.check_health();  // connects

  const Clock::time_point start = Clock::now();
  const Clock::time_point until = start + std::chrono::duration_cast<Clock::duration>(duration);
  const std::uint64_t done = sum_over_threads(threads, [&](unsigned number) {
    const std::string key = std::to_string(number);
    std::uint64_t mine = 0;
    for (; Clock::now() < until; ++mine) operation(backend, key);
    return mine;
  });
  std::printf("{\"operations\": %llu, \"per_second\": %.0f}\n", static_cast<unsigned long long>(done),
              static_cast<double>(done) / Seconds(Clock::now() - start).count());
}

}  // namespace

int main(int argc, char** argv) {
  return run_generator(argc, argv, target_arguments + 4, "PORT USER KEY HOST_KEY.pub FOLDER OPERATION THREADS SECONDS",
                       generate);
}
