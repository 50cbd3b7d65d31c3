// The terminal as a screen: size, keys, an own page that is put away at the end, whatever ends the program.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "switchboard/base/time.hpp"

namespace switchboard::cli {

/// Whether stdout is a terminal.
[[nodiscard]] bool is_terminal();
/// Columns to fill: the terminal's, else $COLUMNS, else 120.
[[nodiscard]] std::size_t terminal_width();

/// Takes the terminal over while it lives: the alternate page, no cursor, keys as they come. One at a time. Signals INT, TERM and HUP end the wait;
/// WINCH and CONT interrupt it; TSTP (Ctrl-Z) puts the page away until the program goes on. Without a terminal it only waits and prints.
class Terminal {
 public:
  enum class Woken { by_time, by_key, by_resize, to_end };

  Terminal();
  ~Terminal();
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  struct Size {
    std::size_t width, height;
  };
  /// Columns and rows now; 80 x 24 when the terminal does not say, no bound of height without one.
  [[nodiscard]] Size size() const;
  /// Replaces the page by `lines`.
  void show(const std::vector<std::string>& lines) const;
  /// Waits; `key` is the one pressed. `q`, Ctrl-C, Ctrl-D and the end of the input are `to_end`.
  [[nodiscard]] Woken wait(Duration most, char& key) const;

 private:
  void enter() const;
  void leave() const;
  bool has_screen_ = false;
  bool has_keys_ = false;
};

}  // namespace switchboard::cli
