#include "hawser/wire/bytes.h"

#include <algorithm>

namespace hawser {

bool equal(Bytes a, Bytes b) { return std::ranges::equal(a, b); }

}  // namespace hawser
