// Waits for the engine in a coroutine: the body runs on the engine's thread, the coroutine goes on where it was.
//
//   auto failure = co_await commit(engine, body);   // null: durable and visible
#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <memory>

#include "storage/kv/kv.h"

namespace shoal::http {

// Of coroutines whose executor is known to be an io_context's: cheaper than asio's any_io_executor.
using Executor = boost::asio::io_context::executor_type;
template <typename T>
using Awaitable = boost::asio::awaitable<T, Executor>;
// Operations give their error as a value, never as an exception.
inline constexpr boost::asio::as_tuple_t<boost::asio::use_awaitable_t<Executor>> kAsTuple{};

// A function object and no lambda: GCC 12 destroys twice what a lambda inside a co_await expression captures.
struct SubmitAndResume {
  template <typename Handler>
  void operator()(Handler handler, kv::Engine* engine, const kv::Body* body) const {
    auto waiting = std::make_shared<Handler>(std::move(handler));  // std::function wants to copy what it holds.
    engine->submit(*body, [waiting = std::move(waiting)](std::exception_ptr failure) {
      const auto executor = boost::asio::get_associated_executor(*waiting);
      boost::asio::post(executor, [handler = std::move(*waiting), failure = std::move(failure)]() mutable {
        std::move(handler)(std::move(failure));
      });
    });
  }
};

// `body` must stay as it is until then.
inline Awaitable<std::exception_ptr> commit(kv::Engine& engine, const kv::Body& body) {
  auto [failure] = co_await boost::asio::async_initiate<decltype(kAsTuple) const&, void(std::exception_ptr)>(
      SubmitAndResume{}, kAsTuple, &engine, &body);
  co_return failure;
}

}  // namespace shoal::http
