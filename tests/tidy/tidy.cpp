// A test over the sources: the rules that a compiler does not hold. Each failure names the file and line.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

namespace fs = std::filesystem;

namespace {

const fs::path root = SWITCHBOARD_SOURCE_DIR;

std::string text_of(const std::string& file) {
  std::ifstream in(root / file);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::vector<std::string> words_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> words;
  for (std::string word; in >> word;) words.push_back(word);
  return words;
}

/// The rooms from top to bottom, as CMake has them.
const std::vector<std::string> rooms = [] {
  const std::string text = text_of("engine/cmake/SwitchboardRooms.cmake");
  std::smatch found;
  return std::regex_search(text, found, std::regex(R"(set\(SWITCHBOARD_ROOMS ([a-z ]+)\))")) ? words_of(found[1]) : std::vector<std::string>();
}();

/// Which rooms each may include: those that CMake links, and itself. As it stands in engine/CMakeLists.txt, in that order.
const std::vector<std::pair<std::string, std::set<std::string>>> uses = [] {
  std::vector<std::pair<std::string, std::set<std::string>>> all;
  std::istringstream in(text_of("engine/CMakeLists.txt"));
  const std::regex declared(R"(^switchboard_room\((\w+)(?: USES ([a-z ]+))?(?: (?:PUBLIC|PRIVATE) .*)?\))");
  for (std::string line; std::getline(in, line);) {
    std::smatch found;
    if (!std::regex_search(line, found, declared)) continue;
    const std::vector<std::string> used = words_of(found[2]);
    all.emplace_back(found[1], std::set<std::string>(used.begin(), used.end()));
    all.back().second.insert(found[1]);
  }
  return all;
}();

bool is_room(const std::string& name) { return std::find(rooms.begin(), rooms.end(), name) != rooms.end(); }

bool may_include(const std::string& room, const std::string& other) {
  return std::any_of(uses.begin(), uses.end(), [&](const auto& one) { return one.first == room && one.second.contains(other); });
}

/// The rooms without I/O, clock, threads and randomness.
const std::set<std::string> pure = {"base", "value", "calendar", "feel", "model", "exchange", "verify", "sla", "core", "driver"};
const std::vector<std::string> banned_in_pure = {"system_clock",      "steady_clock",     "std::random_device", "std::thread",      "std::mutex",
                                                 "#include <thread>", "#include <mutex>", "#include <random>",  "#include <ctime>", "std::time(",
                                                 "std::rand",         "srand(",           "#include <fstream>", "std::cout",        "std::getenv"};
/// Heavy outside headers stay out of our headers.
const std::vector<std::string> banned_in_headers = {"<nlohmann/", "<yaml-cpp/", "<SQLiteCpp/", "<sqlite3.h>",           "<CLI/", "<boost/graph",
                                                    "<boost/msm", "<spdlog",    "<date/",      "<boost/multiprecision", "<re2/"};

/// Headers that only .cpp files of their own room include.
const std::set<std::string> internal_headers = {"engine/value/wide.hpp", "engine/calendar/zone_table.hpp", "engine/store/sqlite_connection.hpp"};

/// A file that may be long, and why.
const std::map<std::string, std::string> long_files = {
    {"engine/include/switchboard/records.hpp", "each answer is described here, once, for every door (decision 0043)"}};

struct Source {
  fs::path path;
  std::string name;  ///< relative to the checkout
  std::vector<std::string> lines;
};

std::vector<Source> read_sources(const std::vector<std::string>& folders) {
  std::vector<Source> all;
  for (const auto& folder : folders) {
    if (!fs::exists(root / folder)) continue;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      const auto ext = entry.path().extension();
      if (!entry.is_regular_file() || (ext != ".cpp" && ext != ".hpp" && ext != ".h" && ext != ".c")) continue;
      Source s{entry.path(), fs::relative(entry.path(), root).generic_string(), {}};
      std::ifstream in(entry.path());
      for (std::string line; std::getline(in, line);) s.lines.push_back(line);
      all.push_back(std::move(s));
    }
  }
  std::sort(all.begin(), all.end(), [](const Source& a, const Source& b) { return a.name < b.name; });
  return all;
}

std::string first_part(const std::string& path) {
  const auto end = path.find('/');
  return end == std::string::npos ? std::string{} : path.substr(0, end);
}

/// A header of a room that embedders see stands under include/switchboard/ROOM. The face itself ("include", "switchboard") is no room.
std::string room_of_path(const std::string& path, const std::string& face) {
  const std::string inside = path.starts_with(face) ? path.substr(face.size()) : std::string{};
  const std::string room = first_part(inside);
  return room.empty() ? first_part(path) : room;
}

std::string room_of(const std::string& name) {
  return name.starts_with("engine/") ? room_of_path(name.substr(7), "include/switchboard/") : std::string{};
}

std::string room_of_included(const std::string& file) { return room_of_path(file, "switchboard/"); }

std::string included(const std::string& line) {
  const auto at = line.find("#include \"");
  if (at == std::string::npos) return {};
  const auto from = at + 10;
  return line.substr(from, line.find('"', from) - from);
}

std::string where(const Source& s, std::size_t line) { return s.name + ":" + std::to_string(line + 1); }

}  // namespace

TEST_CASE("a room includes only the rooms that CMake lets it link") {
  std::size_t seen = 0;
  for (const Source& s : read_sources({"engine"})) {
    const std::string room = room_of(s.name);
    if (!is_room(room)) continue;  // faces (cli, include, testing) stand above all rooms
    for (std::size_t i = 0; i < s.lines.size(); ++i) {
      const std::string file = included(s.lines[i]);
      const std::string other = room_of_included(file);
      if (!is_room(other)) continue;
      ++seen;
      INFO(where(s, i) << ": room '" << room << "' may not include \"" << file << "\": engine/CMakeLists.txt does not let it use '" << other << "'");
      CHECK(may_include(room, other));
    }
  }
  CHECK(seen > 50);
}

TEST_CASE("one list of rooms, in one order: CMake, README and architecture") {
  REQUIRE(rooms.size() > 10);
  std::vector<std::string> declared;
  for (const auto& one : uses) {
    for (const std::string& used : one.second) {
      INFO("engine/CMakeLists.txt: room '" << one.first << "' may use only rooms that stand above it, not '" << used << "'");
      CHECK((used == one.first || std::find(declared.begin(), declared.end(), used) != declared.end()));
    }
    declared.push_back(one.first);
  }
  CHECK(declared == rooms);
  for (const std::string& name : pure) CHECK(is_room(name));
  std::string listed;
  for (const std::string& name : rooms) listed += (listed.empty() ? "" : ", ") + name;
  INFO("README.md, Layout: the rooms are " << listed);
  CHECK(text_of("README.md").find("the rooms: " + listed + ";") != std::string::npos);
  const std::string architecture = text_of("docs/architecture.md");
  const std::size_t table = architecture.find("| room | what it gives |");
  REQUIRE(table != std::string::npos);
  std::vector<std::string> described;
  std::istringstream lines(architecture.substr(table, architecture.find("\n\n", table) - table));
  const std::regex row("^\\| `(\\w+)` \\|");
  for (std::string line; std::getline(lines, line);) {
    std::smatch found;
    if (std::regex_search(line, found, row)) described.push_back(found[1]);
  }
  INFO("docs/architecture.md, Rooms: one row for each room, in the order of engine/cmake/SwitchboardRooms.cmake");
  CHECK(described == rooms);
}

TEST_CASE("pure rooms have no clock, threads, randomness or I/O") {
  for (const Source& s : read_sources({"engine"})) {
    if (!pure.contains(room_of(s.name))) continue;
    for (std::size_t i = 0; i < s.lines.size(); ++i)
      for (const auto& word : banned_in_pure) {
        INFO(where(s, i) << ": '" << word << "' in a pure room");
        CHECK(s.lines[i].find(word) == std::string::npos);
      }
  }
}

TEST_CASE("no heavy outside header in a header of ours") {
  for (const Source& s : read_sources({"engine"})) {
    if (s.path.extension() != ".hpp" || internal_headers.contains(s.name)) continue;
    for (std::size_t i = 0; i < s.lines.size(); ++i)
      for (const auto& word : banned_in_headers) {
        INFO(where(s, i) << ": " << word << " belongs into a .cpp");
        CHECK(s.lines[i].find(word) == std::string::npos);
      }
  }
}

TEST_CASE("a public header includes only public headers") {
  std::size_t seen = 0;
  for (const Source& s : read_sources({"engine/include"})) {
    for (std::size_t i = 0; i < s.lines.size(); ++i) {
      const std::string file = included(s.lines[i]);
      seen += file.empty() ? 0 : 1;
      INFO(where(s, i) << ": \"" << file << "\" is not installed; public headers stand under switchboard/");
      CHECK((file.empty() || file.starts_with("switchboard/")));
    }
  }
  CHECK(seen > 10);
}

TEST_CASE("the doors see only the public face") {
  for (const Source& s : read_sources({"bindings", "examples"})) {
    for (std::size_t i = 0; i < s.lines.size(); ++i) {
      const std::string file = included(s.lines[i]);
      INFO(where(s, i) << ": bindings and examples include only <switchboard/...>");
      CHECK_FALSE(is_room(first_part(file)));
    }
  }
}

// What a finding or a refusal is about stands in its rule and subject: its words may be mended at any time.
TEST_CASE("nothing is decided by the wording of a message") {
  const std::string words = R"(((\.|->)(message|hint)|\b(error\(\)|[a-z_]*error|finding|refused|refusal|d|e)(\.|->)text\(\)))";
  const std::regex asked(words + R"(\s*(\.\s*(find\w*|rfind|starts_with|ends_with|contains|compare|substr)\s*\(|==|!=))");
  const std::regex compared(R"((==|!=)\s*[\w.>()-]*)" + words + R"(\s*[;)&|])");
  const auto decides = [&](const std::string& line) { return std::regex_search(line, asked) || std::regex_search(line, compared); };
  CHECK(decides("if (d.message.find(\"there is no\") != npos)"));
  CHECK(decides("refused.error().text().starts_with(\"x\")"));
  CHECK(decides("return other->hint == hint;"));
  CHECK(decides("return a == b.message;"));
  CHECK_FALSE(decides("if (!d.hint.empty()) out += d.hint;"));
  CHECK_FALSE(decides("if (e.message.name == name)"));
  for (const Source& s : read_sources({"engine", "bindings"})) {
    for (std::size_t i = 0; i < s.lines.size(); ++i) {
      INFO(where(s, i) << ": ask for the rule or the subject, not for words");
      CHECK_FALSE(decides(s.lines[i]));
    }
  }
}

TEST_CASE("files and lines have a size") {
  for (const Source& s : read_sources({"engine", "bindings", "examples", "tests"})) {
    INFO(s.name << " has " << s.lines.size() << " lines");
    if (!long_files.contains(s.name)) CHECK(s.lines.size() <= 700);
    for (std::size_t i = 0; i < s.lines.size(); ++i) {
      INFO(where(s, i) << ": line of " << s.lines[i].size() << " bytes, trailing space or tab");
      CHECK(s.lines[i].size() <= 220);
      CHECK((s.lines[i].empty() || s.lines[i].back() != ' ' || s.lines[i].ends_with("> ")));  // an arrow to nowhere in test shorthand
      CHECK(s.lines[i].find('\t') == std::string::npos);
    }
  }
}

TEST_CASE("a static library may have no global state in pure rooms") {
  for (const Source& s : read_sources({"engine"})) {
    if (!pure.contains(room_of(s.name))) continue;
    for (std::size_t i = 0; i < s.lines.size(); ++i) {
      INFO(where(s, i) << ": mutable global state");
      CHECK(s.lines[i].find("thread_local") == std::string::npos);
      const bool mutable_static =
          s.lines[i].starts_with("static ") && s.lines[i].find("const") == std::string::npos && s.lines[i].find('(') == std::string::npos;
      CHECK_FALSE(mutable_static);
    }
  }
}

// A switch over an enumeration names every enumerator and has no `default:`, so that the compiler names each place that a new one concerns.
TEST_CASE("a switch has a default only over characters and numbers") {
  // Constants of a C header are plain numbers: the compiler does not know which there are.
  const std::map<std::string, std::string> allowed = {{"engine/store/sqlite_connection.cpp", "SQLITE_[A-Z]+"}};
  const std::string number = R"re([uUL8]?'(\\?.|\\x[0-9a-fA-F]+)'|-?\d[\w']*)re";
  const std::regex label(R"(\bcase ([^;]*?):(\s|$))");
  std::size_t seen = 0;
  for (const Source& s : read_sources({"engine", "bindings"})) {
    const auto more = allowed.find(s.name);
    const std::regex plain(more == allowed.end() ? number : number + "|" + more->second);
    for (std::size_t i = 0; i < s.lines.size(); ++i) {
      const std::size_t indent = s.lines[i].find_first_not_of(' ');
      if (indent == std::string::npos || s.lines[i].compare(indent, 8, "default:") != 0) continue;
      ++seen;
      // The labels of its switch stand above it with the same indentation, below the line that begins with `switch`.
      std::size_t labels = 0;
      for (std::size_t above = i; above-- > 0;) {
        const std::string& line = s.lines[above];
        if (line.find_first_not_of(' ') != indent) {
          if (line.find("switch (") + 2 == indent) break;
          continue;
        }
        std::smatch found;
        if (!std::regex_search(line, found, label)) continue;
        ++labels;
        INFO(where(s, i) << ": `default:` in a switch with `case " << found[1].str() << ":`; name the enumerators instead");
        CHECK(std::regex_match(found[1].str(), plain));
      }
      INFO(where(s, i) << ": `default:` of a switch without labels");
      CHECK(labels > 0);
    }
  }
  CHECK(seen > 5);
}

// So with variants: a visitor names every alternative (base/overloaded.hpp), and the compiler says which one is missing.
TEST_CASE("a visitor has no function for everything else") {
  // The outbox is for what people are told; every other effect is none of its business.
  const std::set<std::string> allowed = {"engine/store/projection.cpp"};
  for (const Source& s : read_sources({"engine", "bindings"})) {
    for (std::size_t i = 0; i < s.lines.size(); ++i) {
      INFO(where(s, i) << ": a new alternative would go here unseen");
      if (!allowed.contains(s.name)) CHECK(s.lines[i].find("[](const auto&) {}") == std::string::npos);
    }
  }
}
