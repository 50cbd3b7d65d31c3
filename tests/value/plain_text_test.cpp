// The one rule for texts that come in (base has no tests of its own: nothing but errors and texts is in it).
#include <doctest/doctest.h>

#include <string>

#include "base/plain_text.hpp"

using namespace switchboard;

namespace {

bool is_name(std::string_view text) { return bool(check_text("it", text, TextKind::name)); }
bool is_prose(std::string_view text) { return bool(check_text("it", text, TextKind::prose)); }

}  // namespace

TEST_CASE("plain text: UTF-8 without control characters, of at most so many bytes") {
  for (const std::string_view good : {"", "R-2026-0001", "工单 7/1", "a b", "\xf0\x9f\x9a\x92"}) {
    CHECK(is_name(good));
    CHECK(is_prose(good));
  }
  const std::string_view zero("a\0b", 3);
  // Bytes alone, cut, overlong, a surrogate; C0, DEL, C1.
  for (const std::string_view bad :
       {std::string_view("\xff"), std::string_view("\xe5\xb7"), std::string_view("\xc0\xaf"), std::string_view("\xed\xa0\x80"), zero,
        std::string_view("\x1b[2J"), std::string_view("\x7f"), std::string_view("\xc2\x85")}) {
    CHECK_FALSE(is_name(bad));
    CHECK_FALSE(is_prose(bad));
  }
  for (const std::string_view lines : {"a\nb", "a\tb", "a\r\nb"}) {
    CHECK_FALSE(is_name(lines));
    CHECK(is_prose(lines));
  }
  CHECK(is_name(std::string(200, 'x')));
  CHECK_FALSE(is_name(std::string(201, 'x')));
  CHECK(is_prose(std::string(4'000, 'x')));
  CHECK_FALSE(is_prose(std::string(4'001, 'x')));
  const auto refused = check_text("the case number", std::string(201, 'x'), TextKind::name);
  CHECK(refused.error().id == "SB0560");
  CHECK(refused.error().message == "the case number has 201 bytes; at most 200 are allowed");
}

TEST_CASE("plain text: what cannot be refused is made to obey") {
  CHECK(made_plain("fine\n", TextKind::prose) == "fine\n");
  CHECK(made_plain("a\xff\x1b"
                   "b",
                   TextKind::prose) ==
        "a\xef\xbf\xbd\xef\xbf\xbd"
        "b");
  // Never cut inside a character.
  const std::string many = made_plain(std::string(199, 'x') + "工", TextKind::name);
  CHECK(many == std::string(199, 'x'));
  CHECK(is_prose(made_plain(std::string(100'000, '\xe5'), TextKind::prose)));
}
