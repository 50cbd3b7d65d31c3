// One at a time delivers from an outbox.
#include <doctest/doctest.h>

#include "store/store.hpp"
#include "support/folder.hpp"

namespace switchboard::store {

TEST_CASE("the turn at the outbox is one's own until it is given back") {
  const testing::Folder folder;
  SqliteOptions options;
  options.path = folder.file("a.db");
  const auto first = open_sqlite(options);
  const auto second = open_sqlite(options);
  REQUIRE((first && second));
  {
    const auto turn = first.value()->outbox_turn();
    REQUIRE(turn);
    CHECK(second.value()->outbox_turn().error().id == "SB0615");
    CHECK(first.value()->outbox_turn().error().id == "SB0615");
  }
  CHECK(second.value()->outbox_turn());

  const auto memory = open_memory();
  {
    const auto turn = memory->outbox_turn();
    CHECK(memory->outbox_turn().error().id == "SB0615");
  }
  CHECK(memory->outbox_turn());
}

}  // namespace switchboard::store
