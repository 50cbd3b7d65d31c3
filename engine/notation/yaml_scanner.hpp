// Inside of scan(): the state of one strict pass over a text. Not for other rooms.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "notation/yaml_scan.hpp"

namespace switchboard::notation::yaml {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  [[nodiscard]] Scan run();

 private:
  struct Block {
    int column = 0;
    bool sequence = false;
  };
  /// What a flow collection may hold next.
  enum class Flow : unsigned char { opened, after_comma, after_value, after_colon };
  struct FlowLevel {
    bool map = false;
    Flow state = Flow::opened;
    std::size_t offset = 0;
    bool keyed = false;  ///< the entry at hand has its key and colon
  };

  // Every function below returns false when it refused (the reason is in scan_.refusal).
  bool refuse(std::string_view rule, std::size_t offset, std::string message, std::string hint);
  bool line();
  bool begins_block() const;
  bool marker();
  bool nodes_of_line();
  bool dash();
  bool properties();
  bool property();
  bool value_or_key(std::size_t start);
  bool enter_key(std::size_t start);
  bool enter_block(int column, bool sequence, std::size_t at);
  bool after_value();
  bool alias(Leaf& leaf);
  bool keep(Leaf leaf);

  bool quoted(Leaf& leaf, int parent);
  bool line_fold(std::string& out, int parent, std::size_t start, std::size_t& kept);
  bool escape(std::string& out, std::size_t& kept);
  bool hex_escape(std::string& out, std::size_t digits);
  bool block_scalar(Leaf& leaf);
  bool block_header(char& chomp);
  bool block_indentation(std::size_t from, std::size_t& indentation);
  bool plain(Leaf& leaf, bool may_be_key);
  bool plain_start();
  void plain_piece(std::string& out);
  bool plain_continues(Leaf& leaf, bool may_be_key);

  bool flow();
  bool flow_item();
  bool missing_comma();
  bool second_colon(std::size_t at, std::string_view text);
  bool flow_close();
  bool flow_leaf();
  bool flow_gap();

  [[nodiscard]] bool done() const { return pos_ >= text_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const { return pos_ + ahead < text_.size() ? text_[pos_ + ahead] : '\n'; }
  [[nodiscard]] bool blank_at(std::size_t ahead) const { return peek(ahead) == ' ' || peek(ahead) == '\n' || peek(ahead) == '\t'; }
  [[nodiscard]] bool at_comment() const;
  [[nodiscard]] bool colon_ends_key(std::size_t ahead) const;
  [[nodiscard]] bool at_marker(std::size_t offset) const;
  [[nodiscard]] int column(std::size_t offset) const { return static_cast<int>(offset - line_); }
  [[nodiscard]] bool in_flow() const { return !levels_.empty(); }
  void skip_spaces();
  void skip_to_line_end();
  /// Steps over one line feed.
  void next_line();

  std::string_view text_;
  std::size_t pos_ = 0;
  std::size_t line_ = 0;  ///< offset of the running line
  Scan scan_;
  std::vector<Block> blocks_;    ///< open block collections, outermost first
  int parent_ = -1;              ///< column of the key or dash that the next value belongs to
  bool open_ = true;             ///< that key or dash (or the document) has no value yet
  bool document_open_ = false;   ///< `---` was seen
  bool property_here_ = false;   ///< an anchor or tag stands before the next value on this line
  bool property_first_ = false;  ///< nothing stands before it on the line
  bool line_start_ = true;       ///< nothing but dashes stands before on this line
  std::vector<FlowLevel> levels_;
};

}  // namespace switchboard::notation::yaml
