// The patterns of the service model, each as a function that says whether the whole text matches: far faster than a
// regular expression, and there are few. scripts/import-model knows which function stands for which pattern.
#pragma once

#include <string_view>

namespace shoal::model {

bool is_resource_name(std::string_view text);   // [a-zA-Z0-9_.-]+
bool is_without_dollar(std::string_view text);  // ^[^\$]+$
bool is_bucket_name(std::string_view text);     // ^[a-z0-9A-Z]+[\.\-\w]*[a-z0-9A-Z]+$
bool is_account(std::string_view text);         // [0-9]{12}
bool is_printable(std::string_view text);       // \p{Print}+
bool is_xml_text(std::string_view text);        // [\u0020-\uD7FF\uE000-\uFFFD\uD800\uDC00-\uDBFF\uDFFF\r\n\t]*
bool is_csv_delimiter(std::string_view text);   // [,;:|\t ]
bool is_csv_header(std::string_view text);      // [\x20-\x21\x23-\x2B\x2D-\x7E]*
bool is_hex_token(std::string_view text);       // ([0-9a-f]{16})+

}  // namespace shoal::model
