// The control interface, /_shoal/...: what a user or a test asks of the server itself, on the port of the API.
//
//   GET  /_shoal/health
//   GET  /metrics                                                        -> for Prometheus
//   GET  /_shoal/clock    POST {"advance_seconds": 90.5}                 -> {"now": 1795394879.947}
//   POST /_shoal/split    {"table": "Music", "region": "us-east-1"}      -> {"partitions": 2}
//   POST /_shoal/reset      {}, or {"account": "000000000042"}           -> {"tables": 3}
//   POST /_shoal/snapshot   {"name": "seeded"}    POST /_shoal/restore {"name": "seeded"}
//   GET  /_shoal/snapshots  DELETE                                       -> {"snapshots": ["seeded"]}
//   GET  /_shoal/journal    POST {}  DELETE                              -> {"totals": {...}, "requests": [...]}
//   GET  /_shoal/faults   POST {"fault": "throttle", "next": 2}  DELETE  -> {"rules": [...]}
//
// No web page reaches it: what has an Origin is refused, preflights too, and a POST must say application/json, which a
// page cannot without one. --control says who may: anybody, callers with a credential of the file (but health
// and metrics are anybody's), or nobody.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "protocol/sigv4/sigv4.h"
#include "server/auth/credentials.h"
#include "server/operations/operation.h"

namespace shoal {

struct ControlRequest {
  sigv4::Request signed_request;  // Method, target and body are what is asked for, too.
  std::string_view content_type;
  std::string_view origin;
};

struct ControlAnswer {
  int status = 200;
  std::string body;  // JSON; of a failure {"message": "..."}
  std::string_view content_type = "application/json";
};

// Of a request's target: whether it is the control interface's.
bool is_control_target(std::string_view target);

// Nothing when there is no control interface (--control=off). Throws Error when the signature is refused.
std::optional<ControlAnswer> answer_control(const Services& services, Authenticator& authenticator,
                                            const ControlRequest& request);

}  // namespace shoal
