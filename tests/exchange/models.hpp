// Small BPMN models for tests.
#pragma once

#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>

#include "exchange/read.hpp"

namespace switchboard::testing {

[[nodiscard]] inline std::string text_of_file(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream out;
  out << in.rdbuf();
  return out.str();
}

/// `inside` in <definitions>; the first line is the head, so `inside` begins in line 2.
[[nodiscard]] inline std::string definitions(const std::string& inside) {
  return "<definitions xmlns=\"http://www.omg.org/spec/BPMN/20100524/MODEL\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" "
         "targetNamespace=\"urn:t\">\n" +
         inside + "\n</definitions>";
}

/// An executable process of these elements; they begin in line 3.
[[nodiscard]] inline std::string process(const std::string& elements) {
  return definitions("<process id=\"p\" isExecutable=\"true\">\n" + elements + "\n</process>");
}

/// A start event `s`, a task `t`, an end event `e`, in a row, and `more` behind them.
[[nodiscard]] inline std::string row(const std::string& more = {}) {
  return "<startEvent id=\"s\"/><task id=\"t\"/><endEvent id=\"e\"/><sequenceFlow id=\"f1\" sourceRef=\"s\" targetRef=\"t\"/><sequenceFlow id=\"f2\" "
         "sourceRef=\"t\" "
         "targetRef=\"e\"/>\n" +
         more;
}

}  // namespace switchboard::testing
