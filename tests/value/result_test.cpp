#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <string>

#include "switchboard/base/error.hpp"

using namespace switchboard;

namespace {

/// What `body` writes to the error output in a process of its own, which must not come back.
template <class Body>
std::string last_words_of(const Body& body) {
  std::array<int, 2> ends{};
  REQUIRE(::pipe(ends.data()) == 0);
  const pid_t child = ::fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    std::signal(SIGABRT, SIG_DFL);
    ::dup2(ends[1], STDERR_FILENO);
    body();
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string said;
  std::array<char, 512> some{};
  for (ssize_t n = 0; (n = ::read(ends[0], some.data(), some.size())) > 0;) said.append(some.data(), static_cast<std::size_t>(n));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(child, &status, 0);
  CHECK(WIFSIGNALED(status));
  return said;
}

}  // namespace

TEST_CASE("result: who asks for the value of an error is told the error") {
  const std::string said = last_words_of([] {
    const Result<int> refused = Error{ErrorKind::rejected, "SB0502", "case 'R-1' has ended", "", "start another one"};
    static_cast<void>(refused.value());
  });
  CHECK(said.find("case 'R-1' has ended [SB0502] - start another one") != std::string::npos);
}
