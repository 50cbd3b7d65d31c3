// Pattern text -> instructions. Private to room feel.
#pragma once

#include <memory>

#include "feel/regex.hpp"

namespace switchboard::feel {

class RegexParser {
 public:
  RegexParser(std::string_view pattern, std::string_view flags) : flags_(flags), source_(pattern) {}
  std::variant<Regex, std::string> run();

 private:
  /// A piece of the pattern. `items` are alternatives, members of a sequence, or the one thing that is repeated or grouped.
  struct Piece {
    enum class Kind : std::uint8_t { set, sequence, choice, repeat, group, capture, anchor_start, anchor_end, back_reference } kind = Kind::sequence;
    std::uint32_t index = 0;  ///< of a set or group
    std::uint32_t least = 0;
    std::uint32_t most = 0;
    bool lazy = false;
    std::vector<std::unique_ptr<Piece>> items;
  };
  using PiecePtr = std::unique_ptr<Piece>;

  bool read_flags();
  void drop_space();
  PiecePtr choice();
  PiecePtr sequence();
  PiecePtr atom();
  PiecePtr group();
  PiecePtr escape();
  PiecePtr back_reference();
  PiecePtr quantified(PiecePtr piece);
  bool counted(std::uint32_t& least, std::uint32_t& most);
  std::optional<CharSet> char_class();
  bool class_member(CharSet& plain, CharSet& classes);
  bool range_end(char32_t first, char32_t& last);
  std::optional<CharSet> class_escape(bool& single, char32_t& value);
  std::optional<CharSet> property(bool negative);
  PiecePtr set_piece(CharSet set);
  PiecePtr char_piece(char32_t c);
  PiecePtr fail(std::string message);

  void emit(const Piece& piece);
  void emit_repeat(const Piece& piece);
  void emit_star(const Piece& body, bool lazy);
  std::uint32_t add(Regex::Op op, std::uint32_t x, std::uint32_t y);

  [[nodiscard]] bool end() const { return at_ >= text_.size(); }
  [[nodiscard]] char32_t peek() const { return end() ? 0 : text_[at_]; }
  bool take(char32_t c);

  std::string_view flags_;
  std::string_view source_;
  std::u32string text_;
  std::size_t at_ = 0;
  std::size_t depth_ = 0;
  bool dot_all_ = false;
  bool multiline_ = false;
  bool literal_ = false;
  bool free_spacing_ = false;
  std::vector<bool> closed_groups_{true};
  Regex out_;
  std::string error_;
};

}  // namespace switchboard::feel
