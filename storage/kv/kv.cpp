#include "storage/kv/kv.h"

#include <future>

namespace shoal::kv {

void Engine::write(Body body) {
  std::promise<void> done;
  submit(std::move(body), [&done](std::exception_ptr failure) {
    if (failure)
      done.set_exception(failure);
    else
      done.set_value();
  });
  done.get_future().get();
}

}  // namespace shoal::kv
