// What every engine has to do: the promises of storage/kv/kv.h, as tests that a new engine runs unchanged.
//
//   TEST_CASE("The engine X keeps what an engine promises") { check_engine([] { return EngineUnderTest{...}; }); }
#pragma once

#include <functional>
#include <memory>

#include "storage/kv/kv.h"

namespace shoal::kv {

// A store that was empty at first. `open` opens it, again and again, each time after the last engine was destroyed.
struct EngineUnderTest {
  std::function<std::unique_ptr<Engine>()> open;
  bool survives_reopening = true;
};

using MakeEngine = std::function<EngineUnderTest()>;

// Holds SECTIONs: to be called once from a TEST_CASE.
void check_engine(const MakeEngine& make);

}  // namespace shoal::kv
