#include "server/local_operations.h"
#include "server/local_system_calls.h"

namespace hawser::server::local {

FileResult<void> rename(const LocalContext& context, const std::string& from, const std::string& to, bool replace) {
  const FileResult<Place> source = context.resolver.parent(from);
  if (!source) return source.error();
  const FileResult<Place> target = context.resolver.place_for(to);
  if (!target) return target.error();
  const int renamed = replace ? ::renameat(source->directory(), source->name(), target->directory(), target->name())
                              : rename_without_replacing(source->directory(), source->name(), target->directory(),
                                                         target->name(), context.options.force_fallback);
  if (renamed != 0) return last_error();
  return {};
}

}  // namespace hawser::server::local
