// Sequence numbers as clients see them: 21 digits, so that they compare as texts as they do as numbers.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "storage/key/layout.h"

namespace shoal {

std::string sequence_text(Sequence sequence);
void append_sequence(std::string& out, Sequence sequence);

// Nothing when there is something else than digits. What is no number of Shoal's becomes the least or the greatest.
std::optional<Sequence> read_sequence(std::string_view text);

}  // namespace shoal
