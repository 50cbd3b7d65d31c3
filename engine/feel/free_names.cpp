#include "feel/free_names.hpp"

#include <algorithm>

#include "feel/names.hpp"
#include "feel/utf8.hpp"

namespace switchboard::feel {
namespace {

/// Behind a string literal that begins at `at`; behind the text when it does not end.
std::size_t behind_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at)
    if (text[at] == '\\') ++at;
  return std::min(at + 1, text.size());
}

/// Behind a run of name parts: what is left of a number, its exponent included.
std::size_t behind_parts(std::string_view text, std::size_t at) {
  for (CodePoint c = code_point_at(text, at); c.length != 0 && is_name_part(c.value); c = code_point_at(text, at)) at += c.length;
  return at;
}

/// `and` as the middle of a built-in's name: `date and time(`, `years and months duration(`.
bool goes_on(std::string_view word, std::string_view rest) { return word == "and" && (rest.starts_with(" time(") || rest.starts_with(" months ")); }

class Gatherer {
 public:
  explicit Gatherer(std::string_view text) : text_(text) {}

  std::vector<std::string> run() {
    for (skip_space(text_, at_); at_ < text_.size(); skip_space(text_, at_)) take();
    flush(false);
    return std::move(found_);
  }

 private:
  void take() {
    const std::string_view word = word_at(text_, at_);
    if (!word.empty()) return take_word(std::string(word));
    if (const std::size_t behind = behind_parts(text_, at_); behind != at_) {
      flush(false);
      at_ = behind;
      member_ = false;
    } else if (text_[at_] == '"') {
      flush(false);
      at_ = behind_string(text_, at_);
    } else {
      flush(text_[at_] == '(');
      member_ = text_[at_] == '.' && text_.substr(at_, 2) != ".." && (at_ == 0 || text_[at_ - 1] != '.');
      at_ += code_point_at(text_, at_).length;
    }
  }

  void take_word(std::string word) {
    at_ += word.size();
    if (is_keyword(word))
      flush(goes_on(word, text_.substr(at_)));
    else if (!member_ && word != "?")
      run_.push_back(std::move(word));
    member_ = false;
  }

  /// A sign or the end of the text ends the run of words before it: they were the name of a function that is called, or one or more names.
  void flush(bool called) {
    for (auto& word : run_)
      if (!called && std::find(found_.begin(), found_.end(), word) == found_.end()) found_.push_back(std::move(word));
    run_.clear();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> found_;
  std::vector<std::string> run_;  ///< words with only space between them: `string length` is one name, and a call when `(` follows
  bool member_ = false;           ///< behind a dot
};

}  // namespace

std::vector<std::string> free_names(std::string_view text) { return Gatherer(text).run(); }

}  // namespace switchboard::feel
