// Key attributes as bytes whose order is the order of DynamoDB: numbers by value, strings and binaries by unsigned
// bytes. Self-delimiting, so that parts can follow one another, and no part is a prefix of another.
//
//   S, B   each byte, 0x00 as 0x00 0xFF; then the end, 0x00 0x01
//   N      negative 0x10, zero 0x20, positive 0x30; unless zero: magnitude + 130 (1 byte), the digits in pairs + 1
//          (first digit first, an odd last one filled with 0), 0x00; of a negative number these are complemented
//
// The type is not encoded: a key attribute has one type for the life of its table.
#pragma once

#include <string>
#include <string_view>

#include "protocol/value/attribute_value.h"

namespace shoal {

void append_key_part(std::string& out, ValueView scalar);  // S, N or B

// For begins_with: the bytes with which every part whose text begins with `prefix` starts. S and B only.
void append_key_prefix(std::string& out, std::string_view prefix);

// The smallest bytes that are greater than everything that starts with `prefix`; empty when there are none.
std::string after_prefix(std::string_view prefix);

}  // namespace shoal
