// Settings of a table that CreateTable and UpdateTable share: encryption, table class; and the parameters of both that
// are not built yet, which are refused by name.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "server/operations/operation.h"

namespace shoal {

// SSESpecification; changes nothing when it is absent. https://docs.aws.amazon.com/.../API_SSESpecification.html
void read_encryption(const Call& call, Table& table);

// A random UUID in lower case: TableId, the id of a made-up key.
std::string random_uuid();

// Throws a ValidationException that names the first of these parameters that the request has.
void refuse_unsupported(const Call& call, std::initializer_list<std::string_view> parameters);

}  // namespace shoal
