#include "run_and_kill.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

extern char** environ;  // NOLINT: POSIX names it so

namespace switchboard::testing {

std::string run_and_kill(const std::string& program, std::vector<std::string> arguments, std::chrono::microseconds lifetime) {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO);
  arguments.insert(arguments.begin(), program);
  std::vector<char*> given;
  for (std::string& argument : arguments) given.push_back(argument.data());
  given.push_back(nullptr);
  pid_t worker = 0;
  REQUIRE(::posix_spawn(&worker, program.c_str(), &actions, nullptr, given.data(), environ) == 0);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  std::string text;
  std::thread reader([&] {
    char buffer[65536];
    for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) text.append(buffer, static_cast<std::size_t>(n));
  });
  std::this_thread::sleep_for(lifetime);
  ::kill(worker, SIGKILL);
  int status = 0;
  ::waitpid(worker, &status, 0);
  reader.join();
  ::close(ends[0]);
  if (!WIFSIGNALED(status)) text += fmt::format("E the worker ended by itself with {}\n", WEXITSTATUS(status));
  return text;
}

}  // namespace switchboard::testing
