// The file of groups that `hawser serve` is given.
#pragma once

#include <memory>
#include <string>

#include "hawser/crypto/moduli.h"

namespace hawser::tools {

// Warns of lines that cannot be used. Throws Failure.
std::shared_ptr<const crypto::Moduli> load_moduli(const std::string& path);

}  // namespace hawser::tools
