// spdlog and fmt as object code of our own, from the sources among their headers: for cmake/linked_in.cmake. When the
// linker misses something of theirs, the file that defines it belongs here.
#define SPDLOG_COMPILED_LIB
#define SPDLOG_FMT_EXTERNAL
#include <fmt/format-inl.h>
#include <spdlog/async.h>
#include <spdlog/async_logger-inl.h>
#include <spdlog/common-inl.h>
#include <spdlog/details/backtracer-inl.h>
#include <spdlog/details/file_helper-inl.h>
#include <spdlog/details/log_msg-inl.h>
#include <spdlog/details/log_msg_buffer-inl.h>
#include <spdlog/details/null_mutex.h>
#include <spdlog/details/os-inl.h>
#include <spdlog/details/periodic_worker-inl.h>
#include <spdlog/details/registry-inl.h>
#include <spdlog/details/thread_pool-inl.h>
#include <spdlog/logger-inl.h>
#include <spdlog/pattern_formatter-inl.h>
#include <spdlog/sinks/ansicolor_sink-inl.h>
#include <spdlog/sinks/base_sink-inl.h>
#include <spdlog/sinks/basic_file_sink-inl.h>
#include <spdlog/sinks/sink-inl.h>
#include <spdlog/sinks/stdout_color_sinks-inl.h>
#include <spdlog/sinks/stdout_sinks-inl.h>
#include <spdlog/spdlog-inl.h>

#define SINK_OF_BOTH(sink, locked, alone)                \
  template class SPDLOG_API spdlog::sinks::sink<locked>; \
  template class SPDLOG_API spdlog::sinks::sink<alone>;
SINK_OF_BOTH(base_sink, std::mutex, spdlog::details::null_mutex)
SINK_OF_BOTH(basic_file_sink, std::mutex, spdlog::details::null_mutex)
SINK_OF_BOTH(stdout_sink_base, spdlog::details::console_mutex, spdlog::details::console_nullmutex)
SINK_OF_BOTH(stdout_sink, spdlog::details::console_mutex, spdlog::details::console_nullmutex)
SINK_OF_BOTH(stderr_sink, spdlog::details::console_mutex, spdlog::details::console_nullmutex)
SINK_OF_BOTH(ansicolor_sink, spdlog::details::console_mutex, spdlog::details::console_nullmutex)
SINK_OF_BOTH(ansicolor_stdout_sink, spdlog::details::console_mutex, spdlog::details::console_nullmutex)
SINK_OF_BOTH(ansicolor_stderr_sink, spdlog::details::console_mutex, spdlog::details::console_nullmutex)

#define LOGGER(make)                                                                                                \
  template SPDLOG_API std::shared_ptr<spdlog::logger> spdlog::make<spdlog::synchronous_factory>(const std::string&, \
                                                                                                color_mode);
LOGGER(stdout_color_mt)
LOGGER(stdout_color_st)
LOGGER(stderr_color_mt)
LOGGER(stderr_color_st)

FMT_BEGIN_NAMESPACE
namespace detail {
template FMT_API auto dragonbox::to_decimal(float) -> dragonbox::decimal_fp<float>;
template FMT_API auto dragonbox::to_decimal(double) -> dragonbox::decimal_fp<double>;
template FMT_API auto thousands_sep_impl(locale_ref) -> thousands_sep_result<char>;
template FMT_API auto decimal_point_impl(locale_ref) -> char;
}  // namespace detail
FMT_END_NAMESPACE
