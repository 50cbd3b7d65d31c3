#include "feel/regex.hpp"

#include <algorithm>

#include "feel/regex_parser.hpp"
#include "feel/utf8.hpp"

namespace switchboard::feel {

std::variant<Regex, std::string> Regex::compile(std::string_view pattern, std::string_view flags) {
  if (pattern.size() > 10'000) return std::string("the pattern is longer than 10000 bytes");
  return RegexParser(pattern, flags).run();
}

/// Depth-first search with an explicit stack. Which (instruction, position) failed once fails always, so it is remembered in a bitmap; with back
/// references the captured text matters too, and there the budget is the bound.
class RegexSearch {
 public:
  using Op = Regex::Op;

  RegexSearch(const Regex& regex, std::string_view text, const Regex::Budget& budget)
      : regex_(regex), text_(text), budget_(budget), slots_(regex.group_count_ * 2, none), marks_(regex.mark_count_, none) {}

  /// Room for the bitmap; false when it would be too large.
  bool prepare() {
    if (regex_.back_references_) return true;
    const std::size_t bits = regex_.code_.size() * (text_.size() + 1);
    if (bits > max_bits || !budget_(bits / 4096 + 1)) return false;
    visited_.resize(bits / 64 + 1);
    return true;
  }

  Regex::Outcome first_from(std::size_t from, Regex::Groups& groups) {
    for (const std::size_t word : touched_) visited_[word] = 0;
    touched_.clear();
    std::fill(slots_.begin(), slots_.end(), none);
    for (std::size_t start = from; start <= text_.size();) {
      const Regex::Outcome outcome = match_at(start);
      if (outcome == Regex::Outcome::yes) report(groups);
      if (outcome != Regex::Outcome::no) return outcome;
      start += start < text_.size() ? code_point_at(text_, start).length : 1;
    }
    return Regex::Outcome::no;
  }

 private:
  static constexpr std::size_t none = std::string_view::npos;
  static constexpr std::size_t max_bits = std::size_t{1} << 28;  // 32 MiB
  static constexpr std::size_t max_stack = 1'000'000;

  /// Either a state to try, or (undo) a register to restore.
  struct Frame {
    std::uint32_t pc = 0;
    bool undo = false;
    bool mark = false;
    std::size_t position = 0;  ///< or the old content of the register
  };

  bool seen(std::uint32_t pc, std::size_t position) {
    if (regex_.back_references_) return false;
    const std::size_t bit = position * regex_.code_.size() + pc;
    std::uint64_t& word = visited_[bit / 64];
    const std::uint64_t mask = std::uint64_t{1} << (bit % 64);
    if ((word & mask) != 0) return true;
    if (word == 0) touched_.push_back(bit / 64);
    word |= mask;
    return false;
  }

  Regex::Outcome match_at(std::size_t start) {
    stack_.clear();
    stack_.push_back({0, false, false, start});
    while (!stack_.empty()) {
      if (stack_.size() > max_stack) return Regex::Outcome::stopped;
      const Frame frame = stack_.back();
      stack_.pop_back();
      if (frame.undo) {
        (frame.mark ? marks_ : slots_)[frame.pc] = frame.position;
        continue;
      }
      const Regex::Outcome outcome = follow(frame.pc, frame.position);
      if (outcome != Regex::Outcome::no) return outcome;
    }
    return Regex::Outcome::no;
  }

  void set(std::vector<std::size_t>& registers, std::uint32_t index, std::size_t value) {
    stack_.push_back({index, true, &registers == &marks_, registers[index]});
    registers[index] = value;
  }

  /// Runs one thread until it fails or matches; the alternatives it meets go on the stack.
  Regex::Outcome follow(std::uint32_t pc, std::size_t position) {
    for (;;) {
      if (++ticks_ % 64 == 0 && !budget_(8)) return Regex::Outcome::stopped;
      if (seen(pc, position)) return Regex::Outcome::no;
      const Regex::Instruction& in = regex_.code_[pc];
      switch (in.op) {
        case Op::set: {
          const CodePoint c = code_point_at(text_, position);
          if (c.length == 0 || !regex_.sets_[in.x].contains(c.value)) return Regex::Outcome::no;
          position += c.length;
          ++pc;
          break;
        }
        case Op::split:
          stack_.push_back({in.y, false, false, position});
          pc = in.x;
          break;
        case Op::jump: pc = in.x; break;
        case Op::save:
          set(slots_, in.x, position);
          ++pc;
          break;
        case Op::mark:
          set(marks_, in.x, position);
          ++pc;
          break;
        case Op::progress:
          if (marks_[in.x] == position) return Regex::Outcome::no;
          ++pc;
          break;
        case Op::match: return Regex::Outcome::yes;
        case Op::line_start:
        case Op::line_end:
        case Op::text_start:
        case Op::text_end:
        case Op::back_reference:
          if (!assertion(in, position)) return Regex::Outcome::no;
          ++pc;
      }
    }
  }

  bool assertion(const Regex::Instruction& in, std::size_t& position) {
    switch (in.op) {
      case Op::text_start: return position == 0;
      case Op::text_end: return position == text_.size();
      // XPath 3.1, 5.6.1.1: not after a newline that ends the text.
      case Op::line_start: return position == 0 || (text_[position - 1] == '\n' && position != text_.size());
      case Op::line_end: return position == text_.size() || text_[position] == '\n';
      case Op::back_reference: return same_text(in.x, position);
      case Op::set:
      case Op::split:
      case Op::jump:
      case Op::save:
      case Op::mark:
      case Op::progress:
      case Op::match: break;
    }
    return false;
  }

  /// A group that took no part matches the empty text.
  bool same_text(std::uint32_t group, std::size_t& position) const {
    const std::size_t begin = slots_[std::size_t{group} * 2];
    const std::size_t end = slots_[group * 2 + 1];
    if (begin == none || end == none) return true;
    std::size_t p = position;
    for (std::size_t i = begin; i < end;) {
      const CodePoint a = code_point_at(text_, i);
      const CodePoint b = code_point_at(text_, p);
      const bool same = a.value == b.value || (regex_.ignore_case_ && to_lower(a.value) == to_lower(b.value));
      if (b.length == 0 || !same) return false;
      i += a.length;
      p += b.length;
    }
    position = p;
    return true;
  }

  void report(Regex::Groups& groups) const {
    groups.assign(regex_.group_count_, {});
    for (std::size_t i = 0; i < groups.size(); ++i) {
      if (slots_[i * 2] != none && slots_[i * 2 + 1] != none) groups[i] = {slots_[i * 2], slots_[i * 2 + 1]};
    }
  }

  const Regex& regex_;
  std::string_view text_;
  const Regex::Budget& budget_;
  std::vector<std::size_t> slots_;
  std::vector<std::size_t> marks_;
  std::vector<std::uint64_t> visited_;
  std::vector<std::size_t> touched_;  ///< words of the bitmap to clear before the next match
  std::vector<Frame> stack_;
  std::size_t ticks_ = 0;
};

Regex::Outcome Regex::each(std::string_view text, const std::function<bool(const Groups&)>& on_match, const Budget& budget) const {
  RegexSearch search(*this, text, budget);
  if (!search.prepare()) return Outcome::stopped;
  Groups groups;
  Outcome out = Outcome::no;
  for (std::size_t from = 0; from <= text.size();) {
    const Outcome found = search.first_from(from, groups);
    if (found == Outcome::stopped) return found;
    if (found == Outcome::no) break;
    out = Outcome::yes;
    if (!on_match(groups)) break;
    from = groups[0].end;
    if (groups[0].end == groups[0].begin) from += from < text.size() ? code_point_at(text, from).length : 1;
  }
  return out;
}

}  // namespace switchboard::feel
