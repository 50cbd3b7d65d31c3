#include "cli/terminal.hpp"

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>

#include "cli/output.hpp"
#include "cli/utf8.hpp"

namespace switchboard::cli {

namespace {

// What signal handlers may touch.
volatile std::sig_atomic_t ending = 0;
volatile std::sig_atomic_t resized = 0;
volatile std::sig_atomic_t stopping = 0;

extern "C" void on_end(int) { ending = 1; }
extern "C" void on_resize(int) { resized = 1; }
extern "C" void on_stop(int) { stopping = 1; }

termios saved;      // of the terminal before it was taken over
sigset_t old_mask;  // signals let through while waiting

void handle(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  sigaction(signal, &action, nullptr);
}

std::size_t from_environment(const char* name, std::size_t otherwise) {
  const char* text = std::getenv(name);
  const long number = text == nullptr ? 0 : std::strtol(text, nullptr, 10);
  return number > 0 ? static_cast<std::size_t>(number) : otherwise;
}

constexpr std::size_t least_width = 20;

/// Zeros where there is no terminal or it does not say.
winsize window() {
  winsize given{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &given) != 0) return {};
  return given;
}

}  // namespace

bool is_terminal() { return isatty(STDOUT_FILENO) == 1; }

Terminal::Terminal() : has_screen_(is_terminal()), has_keys_(has_screen_ && isatty(STDIN_FILENO) == 1) {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) handle(signal, on_end);
  for (const int signal : {SIGWINCH, SIGCONT}) handle(signal, on_resize);
  if (has_screen_) handle(SIGTSTP, on_stop);
  // Blocked but for the time of waiting, so that none falls between a look at the flags and the wait.
  sigset_t blocked;
  sigemptyset(&blocked);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGWINCH, SIGCONT, SIGTSTP}) sigaddset(&blocked, signal);
  sigprocmask(SIG_BLOCK, &blocked, &old_mask);
  enter();
}

Terminal::~Terminal() {
  leave();
  sigprocmask(SIG_SETMASK, &old_mask, nullptr);
}

void Terminal::enter() const {
  if (has_keys_) {
    tcgetattr(STDIN_FILENO, &saved);
    termios raw = saved;
    raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
    raw.c_cc[VMIN] = 0;
    raw.c_cc[VTIME] = 0;
    tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  }
  if (!has_screen_) return;
  print_raw("\x1b[?1049h\x1b[?25l");
  std::fflush(stdout);
}

void Terminal::leave() const {
  if (has_screen_) {
    print_raw("\x1b[?25h\x1b[?1049l");
    std::fflush(stdout);
  }
  if (has_keys_) tcsetattr(STDIN_FILENO, TCSANOW, &saved);
}

std::size_t terminal_width() {
  const winsize given = window();
  return std::max<std::size_t>(least_width, given.ws_col > 0 ? given.ws_col : from_environment("COLUMNS", is_terminal() ? 80 : 120));
}

Terminal::Size Terminal::size() const {
  const winsize given = window();
  const std::size_t rows = given.ws_row > 0 ? given.ws_row : from_environment("LINES", 24);
  return {terminal_width(), has_screen_ ? rows : 0};
}

void Terminal::show(const std::vector<std::string>& lines) const {
  std::string page = has_screen_ ? "\x1b[H" : "";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    page += for_terminal(lines[i], Colours::keep, LineEnds::drop);
    if (!has_screen_) {
      page += "\n";
    } else {
      page += i + 1 < lines.size() ? "\x1b[K\r\n" : "\x1b[K";
    }
  }
  page += has_screen_ ? "\x1b[J" : "\n";
  print_raw(page);
  std::fflush(stdout);
}

Terminal::Woken Terminal::wait(Duration most, char& key) const {
  pollfd input{STDIN_FILENO, POLLIN, 0};
  const timespec time{static_cast<std::time_t>(most.us / 1'000'000), static_cast<long>(most.us % 1'000'000) * 1000};
  const int found = ppoll(&input, has_keys_ ? 1 : 0, &time, &old_mask);
  if (ending != 0) return Woken::to_end;
  if (stopping != 0) {
    stopping = 0;
    leave();
    raise(SIGSTOP);
    enter();
    return Woken::by_resize;
  }
  if (found < 0) {
    resized = 0;
    return errno == EINTR ? Woken::by_resize : Woken::to_end;
  }
  if (found == 0) return Woken::by_time;
  if (read(STDIN_FILENO, &key, 1) != 1) return Woken::to_end;
  constexpr char control_c = 3, control_d = 4;
  return key == 'q' || key == 'Q' || key == control_c || key == control_d ? Woken::to_end : Woken::by_key;
}

}  // namespace switchboard::cli
