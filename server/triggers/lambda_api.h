// As much of Lambda's API as sets triggers up: event source mappings of DynamoDB streams, and their tags. REST with
// JSON bodies, on the port of DynamoDB's API.
//
//   POST, GET         /2015-03-31/event-source-mappings             Create-, ListEventSourceMapping(s)
//   GET, PUT, DELETE  /2015-03-31/event-source-mappings/<UUID>      Get-, Update-, DeleteEventSourceMapping
//   GET, POST, DELETE /2017-03-31/tags/<ARN of a mapping>           ListTags, TagResource, UntagResource
//   https://docs.aws.amazon.com/lambda/latest/api/API_Operations.html
//
//   if (is_lambda_target(request.target)) LambdaOutcome outcome = answer_lambda(services, call);   // throws Error
#pragma once

#include <string>
#include <string_view>

#include "protocol/error.h"
#include "server/operations/operation.h"
#include "server/triggers/mapping.h"

namespace shoal {

// What such requests are signed for.
inline constexpr std::string_view kLambdaService = "lambda";

struct LambdaCall {
  std::string_view method;
  std::string_view target;  // As received.
  std::string_view body;
  std::string account, region;
};

struct LambdaOutcome {
  int status = 200;
  Outcome outcome;
};

bool is_lambda_target(std::string_view target);

// `services` has to outlive the outcome; the call need not.
LambdaOutcome answer_lambda(const Services& services, const LambdaCall& call);

// What the status of an error's answer is, and its body: {"Type":"User","message":"..."}. Its name goes into a header.
int lambda_status(const Error& error);
std::string lambda_error_body(const Error& error);

MappingRules mapping_rules(const Config& config);

}  // namespace shoal
