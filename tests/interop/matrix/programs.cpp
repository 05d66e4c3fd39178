#include "programs.h"

#include <sstream>

#include "../missing.h"
#include "../peers.h"
#include "hawser/wire/types.h"

namespace hawser::test {

bool have_programs(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    if (run_command({{"sh", "-c", "command -v \"$1\"", "sh", name}, {}, {}, {}}).exit_code == 0) continue;
    goes_without(name);
    return false;
  }
  return true;
}

LogIn one_by_one(std::function<Command(const Login&)> command) {
  return [command](const std::vector<Login>& logins) {
    std::vector<std::string> failures;
    for (const Login& login : logins) {
      Command one = command(login);
      one.input = matrix_content();
      const Finished finished = run_command(one);
      // Before it may stand what the client has to say.
      const bool good = finished.exit_code == 0 && finished.output.ends_with(matrix_content());
      failures.push_back(good ? "" : "exit code " + std::to_string(finished.exit_code) + ": " + finished.output);
    }
    return failures;
  };
}

bool PeerProgram::installed() const {
  if (probe.empty() || run_command({probe, {}, {}, {}}).exit_code == 0) return true;
  if (of_debian) {
    goes_without(name);
  } else {
    MESSAGE("skipped: there is no " << name);
  }
  return false;
}

std::vector<std::string> PeerProgram::arguments(const std::string& role, const MatrixKeys& keys) const {
  std::vector<std::string> all = command;
  all.insert(all.end(), {role, keys.folder()});
  if (wants_lists) {
    const crypto::AlgorithmPolicy every = every_algorithm();
    for (const auto* list : {&every.kex, &every.host_key, &every.cipher, &every.mac, &every.compression}) {
      all.push_back(wire::join(*list));
    }
  }
  return all;
}

Running start_listening(std::vector<std::string> command, const std::string& output_file) {
  Running running;
  running.program = std::make_shared<Background>(Command{std::move(command), {}, {}, {}}, output_file);
  const std::string mark = "listening ";
  if (!running.program->wait_for_output(mark)) throw std::runtime_error("did not start: " + running.program->output());
  // Its line is written in one piece.
  const std::string log = running.program->output();
  running.port = std::atoi(log.c_str() + log.find(mark) + mark.size());
  return running;
}

LogIn all_at_once(const PeerProgram& program, const MatrixKeys& keys) {
  return [command = program.arguments("client", keys), &keys](const std::vector<Login>& logins) {
    write_file(keys.folder() + "/content", matrix_content());
    std::string lines;
    for (const Login& login : logins) lines += std::to_string(login.port) + " " + keys.user_file(login.key) + "\n";
    const Finished finished = run_command({command, {}, lines, {}}, std::chrono::seconds(600));
    std::vector<std::string> failures;
    std::istringstream output(finished.output);
    for (std::string line; std::getline(output, line);) {
      const std::string mark = "result: ";
      if (line.starts_with(mark)) failures.push_back(line == mark + "ok" ? "" : line.substr(mark.size()));
    }
    INFO(finished.output);
    CHECK(failures.size() == logins.size());
    return failures;
  };
}

}  // namespace hawser::test
