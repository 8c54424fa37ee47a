// Makes requests of a connection's bytes: HTTP/1.0 and 1.1, bodies counted or chunked, within limits.
//
//   RequestReader reader;
//   bytes.remove_prefix(reader.feed(bytes));   // again, with more bytes, while state() is head or body
//   if (reader.state() == RequestReader::State::complete) answer(reader.request());
//   reader.next();                             // what is left of `bytes` is the next request's
//
// Its buffers are used again from request to request; what a large one left behind is given back by next().
#pragma once

#include <memory>
#include <string_view>

#include "server/http/request.h"

namespace shoal::http {

// Of the request line, and of all headers together.
inline constexpr std::size_t kHeadBytesMax = 16 * 1024;

class RequestReader {
 public:
  enum class State {
    head,      // not all headers are there
    body,      // not all of the body is
    complete,  // request() can be answered
    refused,   // this and all that follows on the connection is to be refused with refusal()
  };
  enum class Refusal { malformed, too_large };

  RequestReader();
  ~RequestReader();

  // Takes what it can of `bytes` and says how many. Bytes not taken are to be given again, with more after them.
  std::size_t feed(std::string_view bytes);

  State state() const;
  const Request& request() const;      // complete
  Refusal refusal() const;             // refused
  const char* refusal_reason() const;  // in words
  bool expects_continue() const;       // body: the client waits for "100 Continue" before it sends the body

  void next();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace shoal::http
