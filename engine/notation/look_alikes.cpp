#include "notation/look_alikes.hpp"

#include <array>
#include <string>
#include <vector>

#include "base/ascii.hpp"
#include "base/odd_signs.hpp"

namespace switchboard::notation {

namespace {

constexpr std::array<std::string_view, 2> full_width_commas{"，", "、"};

class LookAlikes {
 public:
  LookAlikes(std::string_view text, Findings& findings) : findings_(findings) {
    for (std::size_t at = 0; at <= text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      lines_.push_back(text.substr(at, end - at));
      at = end + 1;
    }
  }

  void visit(const yaml::Node& node, bool in_list) {
    if (node.is(yaml::Kind::string) && node.style == yaml::Style::plain) {
      cut_short(node);
      if (in_list) joined(node);
    }
    if (node.is(yaml::Kind::string)) unseen(node);
    for (const yaml::Node& item : node.items) visit(item, true);
    for (const yaml::Entry& entry : node.entries) visit(entry.value, false);
  }

 private:
  /// Joiners and marks of direction belong to some scripts; these belong to none.
  void unseen(const yaml::Node& node) {
    for (auto odd = odd_sign_in(node.text); odd; odd = odd_sign_in(node.text, odd->end())) {
      const bool belongs_nowhere = odd->code == 0x200b || odd->code == 0x2060 || odd->code == 0xfeff || odd->code == 0x00ad;
      if (!belongs_nowhere) continue;
      if (!findings_.is_said(node.at))
        findings_.warning("SB0119", node.at, "", name_of(*odd) + " stands in the text, and nobody sees it", "delete it, or write the text anew");
      return;
    }
  }

  /// `name: Pole #2` is `Pole`. People set a space behind the sign of a comment.
  void cut_short(const yaml::Node& node) {
    const std::size_t line = static_cast<std::size_t>(node.at.line);
    if (line == 0 || line > lines_.size()) return;
    const std::string_view all = lines_[line - 1];
    const std::size_t from = all.find(node.text);
    if (from == std::string_view::npos) return;
    std::size_t at = from + node.text.size();
    while (at < all.size() && (all[at] == ' ' || all[at] == '\t')) ++at;
    if (at + 1 >= all.size() || all[at] != '#' || at == from + node.text.size()) return;
    const char next = all[at + 1];
    if (next == ' ' || next == '\t' || next == '#' || next == '!' || next == '\r') return;
    findings_.warning("SB0115", node.at, "", "the text ends before `#`, where YAML begins a comment: it is `" + node.text.substr(0, 60) + "`",
                      "put quotes around all of it; when a comment is meant, put a space behind `#`");
  }

  void joined(const yaml::Node& node) {
    for (const std::string_view comma : full_width_commas) {
      if (node.text.find(comma) == std::string::npos) continue;
      findings_.warning("SB0117", node.at, "", "`" + node.text.substr(0, 60) + "` is one name with a full-width `" + std::string(comma) + "` in it",
                        "write `, ` between two names; one name with that sign needs quotes");
      return;
    }
  }

  Findings& findings_;
  std::vector<std::string_view> lines_;
};

}  // namespace

void warn_of_look_alikes(const yaml::Node& root, std::string_view text, Findings& findings) { LookAlikes(text, findings).visit(root, false); }

}  // namespace switchboard::notation
