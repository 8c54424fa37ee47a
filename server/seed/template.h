// The functions of a CloudFormation template, worked out as far as the template itself says what they give.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
//
//   const Template read(document, {{"Stage", "test"}});
//   read.resolve({{"Fn::Sub", "orders-${Stage}"}});      // "orders-test"
#pragma once

#include <map>
#include <optional>
#include <string>

#include "server/seed/document.h"

namespace shoal::seed {

class Template {
 public:
  // `given`: values of parameters, and of pseudo parameters such as AWS::Region. Keeps a reference to the document.
  Template(const Json& document, std::map<std::string, std::string> given);

  // Members and elements that are AWS::NoValue are left out. Throws std::runtime_error about what only AWS knows.
  Json resolve(const Json& value) const;
  std::string text(const Json& value) const;  // Of what resolves to a text, a number or a boolean.
  bool condition(const std::string& name) const;

 private:
  using Function = Json (Template::*)(const Json&) const;
  static const std::map<std::string, Function>& functions();

  Json ref(const Json& name) const;
  Json sub(const Json& arguments) const;
  Json join(const Json& arguments) const;
  Json select(const Json& arguments) const;
  Json split(const Json& arguments) const;
  Json choose(const Json& arguments) const;
  Json find_in_map(const Json& arguments) const;
  bool holds(const Json& condition) const;
  std::optional<Json> parameter(const std::string& name) const;

  const Json& document_;
  const std::map<std::string, std::string> given_;
  // Each is worked out once; std::nullopt while that goes on.
  mutable std::map<std::string, std::optional<bool>> conditions_;
};

}  // namespace shoal::seed
