#include "hawser/sftp/extensions.h"

#include <algorithm>

namespace hawser::sftp {

const ExtensionRow* find_extension(std::string_view name) {
  const auto* row = std::ranges::find(extension_table, name, &ExtensionRow::name);
  return row == extension_table.end() ? nullptr : row;
}

}  // namespace hawser::sftp
