// How far a command has got, told on standard error: again and again on one line of a terminal, else every few seconds.
//
//   Progress progress("loaded");
//   progress.add(25, "Music");   // "loaded 25 items, now of Music"
//   progress.end(3);             // "loaded 60 items of 3 tables in 0.1 s"
#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <string>

namespace shoal {

class Progress {
 public:
  explicit Progress(std::string doing) : doing_(std::move(doing)) {}

  void add(std::size_t items, const std::string& table) {
    items_ += items;
    const auto now = std::chrono::steady_clock::now();
    if (now - told_ < (at_terminal_ ? std::chrono::milliseconds(200) : std::chrono::seconds(5))) return;
    told_ = now;
    std::fprintf(stderr, "%s%s %zu items, now of %s%s", at_terminal_ ? "\r\x1b[K" : "", doing_.c_str(), items_,
                 table.c_str(), at_terminal_ ? "" : "\n");
  }

  void end(std::size_t tables) const {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began_;
    std::fprintf(stderr, "%s%s %zu items of %zu tables in %.1f s\n", at_terminal_ ? "\r\x1b[K" : "", doing_.c_str(),
                 items_, tables, took.count());
  }

 private:
  const std::string doing_;
  const bool at_terminal_ = isatty(STDERR_FILENO) != 0;
  const std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point told_ = began_;
  std::size_t items_ = 0;
};

}  // namespace shoal
