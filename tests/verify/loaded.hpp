// A process from its text, which must be one without errors.
#pragma once

#include <doctest/doctest.h>

#include <string>

#include "notation/load.hpp"

inline switchboard::model::Process load(const std::string& text) {
  auto loaded = switchboard::notation::load_process(text, "p.yaml");
  std::string all;
  for (const auto& d : loaded.diagnostics) all += d.text() + "\n";
  CAPTURE(all);
  REQUIRE(loaded.value);
  return *loaded.value;
}
