// What CreateTable needs to make a table again that DescribeTable described.
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace shoal {

// `table`: the Table of DescribeTable's answer.
nlohmann::json create_table_input(const nlohmann::json& table);

}  // namespace shoal
