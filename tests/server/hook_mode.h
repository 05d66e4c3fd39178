// What a hook of a test's server does.
#pragma once

namespace hawser::test {

enum class HookMode { base, allow, deny, throws };  // base: what the base class does

}  // namespace hawser::test
