// SFTPBackend and servers that answer what they like.
#include "client/tapped_server.h"
#include "support/backend_suite/subject.h"
#include "support/fixed_random.h"

using namespace hawser;
using namespace hawser::client;
using namespace std::chrono_literals;
using test::BackendSubject;
using test::Outcome;
using test::TappedMessage;
using test::TappedRig;

namespace {

ByteVector status(std::uint32_t id, std::uint32_t code) {
  return test::framed_message(sftp::Status{.id = id, .code = code, .message = "so there", .language = {}});
}

ByteVector names(std::uint32_t id, const std::vector<std::pair<std::string, std::string>>& entries) {
  sftp::Attributes attributes;
  attributes.permissions = 0100644;
  ByteVector encoded;
  for (const auto& [filename, longname] : entries) {
    const ByteVector one =
        wire::encode(sftp::NameEntry{.filename = filename, .longname = longname, .attributes = attributes});
    encoded.insert(encoded.end(), one.begin(), one.end());
  }
  return test::framed_message(
      sftp::Name{.id = id, .entries = sftp::NameEntries(encoded, static_cast<std::uint32_t>(entries.size()))});
}

// One reply in four becomes another one.
void disturb(TappedMessage& message, test::FixedRandom& random) {
  if (message.request || random.below(4) != 0) return;
  ByteVector changed = to_vector(message.message);
  switch (random.below(12)) {
    case 0: message.onward = status(message.id, static_cast<std::uint32_t>(random.below(40))); return;
    case 1: message.onward = status(message.id, 0); return;
    case 2: message.onward = status(message.id, 1); return;
    case 3: message.onward = names(message.id, {{"../../x", ""}, {"a/b", ""}}); return;
    case 4: message.onward = names(message.id, {{"a", std::string(65'536, 'l')}}); return;
    case 5: message.cut = true; return;
    case 6: message.onward.insert(message.onward.end(), message.onward.begin(), message.onward.end()); return;
    case 7: wire::store_uint32(message.onward.data(), 0xfffffff0); return;
    case 8: wire::store_uint32(changed.data() + 1, message.id + 1000); break;
    case 9: changed.resize(1 + random.below(changed.size())); break;
    case 10: changed[0] = static_cast<std::uint8_t>(101 + random.below(6)); break;
    default:
      for (std::size_t i = 5; i < changed.size(); ++i) changed[i] = static_cast<std::uint8_t>(random.below(256));
  }
  message.onward = test::framed(changed);
}

using Call = void (*)(SFTPBackend&);
const Call calls[] = {
    [](SFTPBackend& b) { b.exists("d/f"); },
    [](SFTPBackend& b) { b.is_file("d/f"); },
    [](SFTPBackend& b) { b.is_folder("d"); },
    [](SFTPBackend& b) { b.read_bytes("d/f"); },
    [](SFTPBackend& b) { b.read("d/f")->read_all(); },
    [](SFTPBackend& b) { b.write("d/g", as_bytes(std::string(90'000, 'g')), test::replacing()); },
    [](SFTPBackend& b) { b.write_atomic("d/g", as_bytes("new"), test::replacing()); },
    [](SFTPBackend& b) { b.open_atomic("d/h")->write(as_bytes("dropped")); },
    [](SFTPBackend& b) { b.list_files("", test::recursively()); },
    [](SFTPBackend& b) { b.list_folders("d"); },
    [](SFTPBackend& b) { b.get_folder_info("d"); },
    [](SFTPBackend& b) { b.copy("d/f", "e/f", true); },
    [](SFTPBackend& b) { b.move("d/g", "e/g", true); },
    [](SFTPBackend& b) { b.delete_("e/g", true); },
    [](SFTPBackend& b) { b.delete_folder("e", true, true); },
    [](SFTPBackend& b) { b.check_health(); },
};

}  // namespace

TEST_CASE("[SFTP-024, AF-006] whatever a server answers, only errors of the family come out, and it may recover") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    TappedRig rig;
    SFTPBackendOptions options = rig.options();
    options.io_timeout = 5s;  // a safety net: what makes no sense ends a session at once
    SFTPBackend backend(options);
    const BackendSubject subject(backend);
    subject.put("d/f", std::string(70'000, 'f'));
    test::FixedRandom random(seed);
    rig.ssh->set_tap([&](TappedMessage& message) { disturb(message, random); });
    for (const Call call : calls) static_cast<void>(test::ending_of([&] { call(backend); }, "sftp"));
    rig.ssh->set_tap(nullptr);
    // What is still on its way belongs to the old connection.
    backend.close();
    subject.put("afterwards", "good");
    CHECK(subject.get("afterwards") == "good");
  }
}

TEST_CASE("[BE-021, SFTP-020, SFTP-021, SFTP-022, ERR-002, ERR-004] each status is one class of error") {
  struct Row {
    std::uint32_t code;
    Outcome outcome;
  };
  TappedRig rig;
  SFTPBackend backend(rig.options());
  const BackendSubject subject(backend);
  subject.put("f", "x");
  for (const Row& row :
       {Row{2, Outcome::not_found}, Row{3, Outcome::permission_denied}, Row{4, Outcome::other_error},
        Row{5, Outcome::other_error}, Row{6, Outcome::unavailable}, Row{7, Outcome::unavailable},
        Row{8, Outcome::other_error}, Row{10, Outcome::not_found}, Row{11, Outcome::already_exists},
        Row{12, Outcome::permission_denied}, Row{18, Outcome::not_empty}, Row{19, Outcome::invalid_path},
        Row{24, Outcome::invalid_path}, Row{4'000'000'000, Outcome::other_error}}) {
    CAPTURE(row.code);
    rig.ssh->set_tap([&](TappedMessage& message) {
      if (message.type == sftp::Remove::number && message.request) {
        message.onward.clear();
        message.back = status(message.id, row.code);
      }
    });
    subject.ends(row.outcome, "f", [&] { backend.delete_("f"); });
    rig.ssh->set_tap(nullptr);
    CHECK(backend.exists("f"));
  }
}

TEST_CASE("[SFTP-022] a file that exists, told by the code of its own or by none") {
  for (const std::uint32_t code : {4U, 11U}) {
    TappedRig rig;
    SFTPBackend backend(rig.options());
    const BackendSubject subject(backend);
    std::uint32_t theirs = 0;
    rig.ssh->set_tap([&](TappedMessage& message) {
      if (!message.request && message.id == theirs) message.onward.clear();
      if (!message.request || message.type != sftp::Open::number) return;
      // Somebody else makes it between the look and the OPEN.
      theirs = ~message.id;
      message.back = status(message.id, code);
      message.onward = test::framed_message(sftp::Open{
          .id = theirs, .filename = "/f", .pflags = sftp::open_flags::write | sftp::open_flags::create, .attrs = {}});
    });
    subject.ends(Outcome::already_exists, "f", [&] { backend.write("f", as_bytes("mine")); });
  }
}

TEST_CASE("[SFTP-024] names that no directory can hold are refused, and a long text beside a name is not") {
  using namespace std::string_literals;
  for (const std::string& name : {"a/b"s, "/"s, "/etc/passwd"s, "../x"s, ""s, "a\0b"s}) {
    CAPTURE(name);
    TappedRig rig;
    SFTPBackend backend(rig.options());
    const BackendSubject subject(backend);
    subject.put("d/f", "x");
    rig.ssh->set_tap([&](TappedMessage& message) {
      if (!message.request && message.type == sftp::Name::number) message.onward = names(message.id, {{name, ""}});
    });
    subject.ends(Outcome::other_error, "d", [&] { backend.list_files("d"); });
    subject.ends(Outcome::other_error, "d", [&] { backend.delete_folder("d", true); });
    rig.ssh->set_tap(nullptr);
    CHECK(subject.get("d/f") == "x");
  }
  TappedRig rig;
  SFTPBackend backend(rig.options());
  const BackendSubject subject(backend);
  subject.put("d/f", "x");
  rig.ssh->set_tap([&](TappedMessage& message) {
    if (!message.request && message.type == sftp::Name::number)
      message.onward = names(message.id, {{".", ""}, {"..", ""}, {"g", std::string(65'536, 'l')}});
  });
  CHECK(subject.files("d", {}) == test::Names{"d/g"});
}

TEST_CASE("[DEPTH-003, ITER-005, SIO-001] no more is asked than it takes") {
  TappedRig rig;
  SFTPBackend backend(rig.options());
  const BackendSubject subject(backend);
  subject.put("a/b/c/f", "x");
  std::map<std::uint8_t, int> asked;
  rig.ssh->set_tap([&](TappedMessage& message) {
    if (message.request) ++asked[message.type];
  });
  const auto asked_for = [&](std::uint8_t type, const std::function<void()>& call) {
    // CLOSE is sent behind the caller's back: another question comes after it.
    backend.exists("a");
    asked.clear();
    call();
    backend.exists("a");
    return asked[type];
  };
  CHECK(asked_for(sftp::Opendir::number, [&] { backend.list_files("", test::down_to(0)); }) == 1);
  CHECK(asked_for(sftp::Opendir::number, [&] { backend.list_files("", test::down_to(2)); }) == 3);
  CHECK(asked_for(sftp::Opendir::number, [&] { backend.iter_children("a"); }) == 1);
  CHECK(asked_for(sftp::Close::number, [&] { backend.read("a/b/c/f"); }) == 1);
  CHECK(asked_for(sftp::Close::number, [&] { backend.open_atomic("a/g"); }) == 1);
}
