#include "include_rules.h"

#include <algorithm>
#include <fstream>

namespace hawser::test {
namespace {

const std::vector<Layer>& layer_table() {
  static const std::vector<Layer> table{
      {"wire", {}},
      {"crypto", {"wire"}},
      {"transport", {"wire", "crypto"}},
      {"auth", {"wire", "crypto", "transport"}},
      {"channel", {"wire", "crypto", "transport"}},
      {"sftp", {"wire"}},
      {"session", {"wire", "crypto", "transport", "auth", "channel"}},
      {"net", {"wire", "crypto", "transport", "auth", "channel", "session"}},
      {"client", {"wire", "crypto", "transport", "auth", "channel", "sftp", "session", "net"}},
      {"server", {"wire", "crypto", "transport", "auth", "channel", "sftp", "session", "net"}},
  };
  return table;
}

// A single header that a layer may include although it may not include the layer of that header.
struct Exception {
  std::string_view layer;
  std::string_view header;
};

constexpr Exception exceptions[] = {
    // The proof of authentication is all that passes between the two: without it no Multiplexer can be made.
    {"channel", "hawser/auth/authenticated.h"},
};

// A library from outside and the folders that may include it.
struct Outside {
  std::string_view prefix;
  std::vector<std::string_view> folders;
};

const std::vector<Outside>& outside_table() {
  static const std::vector<Outside> table{
      {"botan/", {"lib/crypto/"}},
      {"asio",
       {"include/hawser/net/", "include/hawser/client/", "include/hawser/server/", "lib/net/", "lib/client/",
        "lib/server/", "lib/pch/", "tools/", "examples/"}},
      // Linked privately: a public header that included it would make every user install it.
      {"fmt/", {"lib/", "tools/", "examples/"}},
      {"CLI/", {"tools/"}},
      {"toml++/", {"tools/"}},
      {"nlohmann/", {"tools/"}},
      {"prometheus/", {"tools/"}},
      {"doctest/", {}},
  };
  return table;
}

constexpr std::string_view public_headers = "include/hawser/";
constexpr std::string_view private_sources = "lib/";
constexpr std::string_view precompiled = "lib/pch/";  // read before the sources of the layers that use Asio

std::string_view first_component(std::string_view path) { return path.substr(0, path.find('/')); }

std::string_view folder_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

// The layer that a file of ours belongs to; empty for programs, which may use every public header.
std::string_view layer_of(std::string_view file) {
  if (file.starts_with(precompiled)) return {};
  for (const std::string_view top : {public_headers, private_sources}) {
    if (file.starts_with(top)) return first_component(file.substr(top.size()));
  }
  return {};
}

const Layer* find_layer(std::string_view name) {
  const auto found = std::ranges::find(layer_table(), name, &Layer::name);
  return found == layer_table().end() ? nullptr : &*found;
}

// What is wrong with this include, in words; empty for nothing.
std::string outside_fault(const IncludeLine& include) {
  for (const Outside& outside : outside_table()) {
    if (!include.target.starts_with(outside.prefix)) continue;
    const bool allowed = std::ranges::any_of(outside.folders, [&](auto f) { return include.file.starts_with(f); });
    if (!allowed) return "<" + include.target + "> may not be included here";
  }
  return {};
}

std::string public_header_fault(const IncludeLine& include, const Exists& exists) {
  const std::string_view target_layer = first_component(std::string_view(include.target).substr(sizeof("hawser/") - 1));
  if (find_layer(target_layer) == nullptr) return "\"" + include.target + "\" is of no known layer";
  if (const Layer* own = find_layer(layer_of(include.file)); own != nullptr && own->name != target_layer) {
    const bool arrow = std::ranges::find(own->may_include, target_layer) != own->may_include.end();
    const bool exception = std::ranges::any_of(
        exceptions, [&](const Exception& e) { return e.layer == own->name && e.header == include.target; });
    if (!arrow && !exception) {
      return std::string(own->name) + " may not include " + std::string(target_layer) + " (\"" + include.target + "\")";
    }
  }
  if (!exists("include/" + include.target)) return "\"" + include.target + "\" is no public header";
  return {};
}

// "x.h" lies in the includer's own folder; "<layer>/x.h" is a private header, seen by its own layer only, and
// "tools/x.h" by the program in its folders.
std::string private_header_fault(const IncludeLine& include, const Exists& exists) {
  if (include.file.starts_with(public_headers))
    return "a public header includes the private \"" + include.target + "\"";
  if (include.target.find("..") != std::string::npos) return "\"" + include.target + "\" leaves its folder";
  const std::string_view layer = first_component(include.target);
  if (find_layer(layer) != nullptr) {
    if (layer != layer_of(include.file)) return "\"" + include.target + "\" is private to " + std::string(layer);
    return exists("lib/" + include.target) ? "" : "\"" + include.target + "\" does not exist";
  }
  if (layer == "tools") {
    if (!include.file.starts_with("tools/")) return "\"" + include.target + "\" is private to the program";
    return exists(include.target) ? "" : "\"" + include.target + "\" does not exist";
  }
  const std::string beside = std::string(folder_of(include.file)) + include.target;
  return exists(beside) ? "" : "\"" + include.target + "\" is not in the folder of the file that includes it";
}

}  // namespace

std::span<const Layer> layers() { return layer_table(); }

std::optional<std::string> violation(const IncludeLine& include, const Exists& exists) {
  const std::string_view layer = layer_of(include.file);
  std::string fault;
  if (!layer.empty() && find_layer(layer) == nullptr) {
    fault = "the folder is no known layer";
  } else if (include.target.starts_with("hawser/")) {
    fault = include.angled ? "our own headers are included with quotes" : public_header_fault(include, exists);
  } else if (include.angled) {
    fault = outside_fault(include);
  } else {
    fault = private_header_fault(include, exists);
  }
  if (fault.empty()) return std::nullopt;
  return include.file + ':' + std::to_string(include.line) + ": " + fault;
}

std::optional<IncludeLine> parse_include(std::string_view text) {
  const auto skip_blanks = [&] { text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size())); };
  skip_blanks();
  if (!text.starts_with('#')) return std::nullopt;
  text.remove_prefix(1);
  skip_blanks();
  if (!text.starts_with("include")) return std::nullopt;
  text.remove_prefix(sizeof("include") - 1);
  skip_blanks();
  if (!text.starts_with('<') && !text.starts_with('"')) return std::nullopt;
  const bool angled = text.front() == '<';
  const std::size_t end = text.find(angled ? '>' : '"', 1);
  if (end == std::string_view::npos) return std::nullopt;
  IncludeLine include;
  include.target = text.substr(1, end - 1);
  include.angled = angled;
  return include;
}

std::vector<IncludeLine> read_includes(const std::filesystem::path& root) {
  std::vector<IncludeLine> all;
  for (const char* top : {"include", "lib", "tools", "examples"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / top)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".h" && extension != ".cpp") continue;
      std::ifstream file(entry.path());
      std::string text;
      for (std::size_t line = 1; std::getline(file, text); ++line) {
        std::optional<IncludeLine> include = parse_include(text);
        if (!include) continue;
        include->file = entry.path().lexically_relative(root).generic_string();
        include->line = line;
        all.push_back(std::move(*include));
      }
    }
  }
  return all;
}

}  // namespace hawser::test
