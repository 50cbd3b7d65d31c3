#include "notation/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <istream>
#include <map>
#include <set>
#include <streambuf>

#include "base/limits.hpp"
#include "feel/remedy.hpp"
#include "notation/yaml_scalar.hpp"
#include "notation/yaml_scan.hpp"
#include "notation/yaml_text.hpp"

namespace switchboard::notation::yaml {

namespace {

/// Thrown through yaml-cpp's frames only; caught in read().
struct Stop {
  Refusal refusal;
};

/// Reads from a string without copying it.
class ViewBuffer : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // NOLINT: streambuf wants char*, but nothing is put here
    setg(begin, begin, begin + text.size());
  }
};

std::string squeeze(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '\n' && c != '\t') out += c;
  return out;
}

/// yaml-cpp ends an unquoted text inside brackets at `?`, which YAML does not do. So yaml-cpp is given another character in its place, and the text
/// of such a scalar is taken from the strict scan.
constexpr char stand_in = '_';

std::string without_question_marks(std::string text, const std::vector<Leaf>& leaves) {
  for (const Leaf& leaf : leaves)
    if (leaf.in_flow && leaf.style == Style::plain && !leaf.alias)
      std::replace(text.begin() + static_cast<std::ptrdiff_t>(leaf.offset), text.begin() + static_cast<std::ptrdiff_t>(leaf.end), '?', stand_in);
  return text;
}

/// Whether yaml-cpp and the scan have read the same.
bool same_text(const Leaf& leaf, const std::string& value) {
  if (leaf.style == Style::folded) return squeeze(value) == squeeze(leaf.text);
  if (value == leaf.text) return true;
  if (!leaf.in_flow || leaf.style != Style::plain) return false;
  std::string text = leaf.text;
  std::replace(text.begin(), text.end(), '?', stand_in);
  return value == text;
}

/// Builds the tree from yaml-cpp's events, each held against the strict scan.
class Builder : public YAML::EventHandler {
 public:
  Builder(const std::vector<Leaf>& leaves, const Places& places, std::string_view file, model::Diagnostics& diagnostics)
      : leaves_(leaves), places_(places), file_(file), diagnostics_(diagnostics) {}

  [[nodiscard]] bool complete() const { return documents_ == 1 && next_ == leaves_.size(); }
  Node take_root() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) stop("SB0101", offset(mark), "this line belongs to nothing above", "check the indentation");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    Node node;
    node.at = node.content_at = places_.at(offset(mark));
    if (next_ < leaves_.size() && leaves_[next_].style == Style::plain && leaves_[next_].key == wants_key() && is_null_text(leaves_[next_].text) &&
        !leaves_[next_].alias) {
      const Leaf& leaf = leaves_[next_++];
      fill_place(node, leaf);
      node.text = leaf.text;
      if (wants_key()) return key(leaf, node.text);
    } else if (wants_key()) {
      stop("SB0104", offset(mark), "a key is missing before the colon", "write `key: value`");
    }
    place(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (next_ >= leaves_.size() || !leaves_[next_].alias) disagree(offset(mark));
    const Leaf& leaf = leaves_[next_++];
    if (wants_key()) stop("SB0104", leaf.offset, "an alias as a key is not part of the process language", "write the key out");
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      stop("SB0104", leaf.offset, "the alias *" + leaf.text + " stands inside the value it names", "a value cannot contain itself");
    count(found->second.weight, leaf.offset);
    place(found->second.node, 0);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, const std::string& value) override {
    if (next_ >= leaves_.size()) stop("SB0104", offset(mark), "an anchor or tag without a value", "delete it, or write the value");
    const Leaf& leaf = leaves_[next_++];
    if (leaf.alias || !same_text(leaf, value)) disagree(leaf.offset);
    const std::string& text = leaf.style == Style::folded ? value : leaf.text;
    if (wants_key()) return key(leaf, text);
    if (leaf.key) disagree(leaf.offset);
    Node node;
    fill_place(node, leaf);
    node.text = text;
    node.style = leaf.style;
    if (const std::string problem = resolve(node, tag); !problem.empty())
      stop("SB0104", leaf.offset, problem, "quote the text if it is meant as text");
    place(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Kind::list);
  }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Kind::map);
  }
  void OnSequenceEnd() override { close(); }
  void OnMapEnd() override { close(); }

 private:
  struct Frame {
    Node node;
    YAML::anchor_t anchor = 0;
    std::size_t first_count = 0;  // nodes counted before this one
    bool has_key = false;
    bool duplicate = false;     // the running key stood here before: its value is dropped
    bool is_repeating = false;  // and so did the one before it
    std::string key;
    Position key_at;
    std::set<std::string, std::less<>> keys;
  };
  struct Anchored {
    Node node;
    std::size_t weight = 0;
  };

  [[noreturn]] static void stop(std::string_view rule, std::size_t at, std::string message, std::string hint) {
    throw Stop{{std::string(rule), at, std::move(message), std::move(hint)}};
  }
  [[noreturn]] static void disagree(std::size_t at) {
    stop("SB0104", at, "this can be read in two ways", "write it in a simpler form: quote the text, or put it on one line");
  }
  static std::size_t offset(const YAML::Mark& mark) { return mark.pos < 0 ? 0 : static_cast<std::size_t>(mark.pos); }
  [[nodiscard]] bool wants_key() const { return !stack_.empty() && stack_.back().node.kind == Kind::map && !stack_.back().has_key; }

  void fill_place(Node& node, const Leaf& leaf) const {
    node.at = places_.at(leaf.offset);
    node.content_at = places_.at(leaf.content_offset);
  }

  void count(std::size_t nodes, std::size_t at) {
    count_ += nodes;
    if (count_ > limits::yaml_nodes)
      stop("SB0103", at, "more than " + std::to_string(limits::yaml_nodes) + " values in one file, aliases expanded",
           "split the file, or use fewer aliases");
  }

  static std::string without_colon(const Leaf& leaf, const std::string& text) {
    if (std::string blank = missing_blank(text); !blank.empty()) return blank;
    if (!leaf.in_flow) return "write `" + text.substr(0, 40) + ": value`";
    return "inside {...} a comma begins a new key: quote a text or an expression that holds commas, all of it: '...'";
  }

  void key(const Leaf& leaf, const std::string& text) {
    if (const std::string wide = leaf.key || leaf.style != Style::plain ? std::string() : feel::wide_sign_in(text); !wide.empty())
      stop("SB0101", leaf.offset, "this key has no colon", wide == feel::wide_sign_in("\uff1a") ? wide + " and a blank" : wide);
    if (!leaf.key) stop(leaf.in_flow ? "SB0104" : "SB0101", leaf.offset, "this key has no colon", without_colon(leaf, text));
    if (leaf.style == Style::plain && text == "<<")
      stop("SB0104", leaf.offset, "merge keys (`<<`) are not part of the process language", "write the keys out");
    if (leaf.style == Style::literal || leaf.style == Style::folded) disagree(leaf.offset);
    Frame& frame = stack_.back();
    frame.has_key = true;
    frame.key = text;
    frame.key_at = places_.at(leaf.offset);
    frame.duplicate = !frame.keys.insert(text).second;
    if (frame.duplicate && !frame.is_repeating) report_duplicate(frame, text);
    frame.is_repeating = frame.duplicate;  // the first of a row of them says it
  }

  void report_duplicate(const Frame& frame, const std::string& text) {
    const Entry* first = frame.node.find(text);
    const std::string where = first != nullptr ? "line " + std::to_string(first->at.line) : std::string("above");
    diagnostics_.push_back({"SB0105",
                            model::Severity::error,
                            std::string(file_),
                            frame.key_at,
                            "",
                            "the key '" + text + "' stands twice in one map; the first is in " + where,
                            "delete or rename one of them; or is the line that begins a new entry missing before it?",
                            {}});
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor, Kind kind) {
    if (wants_key()) stop("SB0104", offset(mark), "a list or map as a key is not part of the process language", "write a simple key");
    if (stack_.size() >= limits::yaml_depth)
      stop("SB0103", offset(mark), "more than " + std::to_string(limits::yaml_depth) + " levels of nesting", "flatten the document");
    const std::string_view expected = kind == Kind::list ? "tag:yaml.org,2002:seq" : "tag:yaml.org,2002:map";
    if (!tag.empty() && tag != "?" && tag != expected) stop("SB0104", offset(mark), "the tag does not fit the value", "delete the tag");
    Frame frame;
    frame.node.kind = kind;
    frame.node.at = frame.node.content_at = places_.at(offset(mark));
    frame.anchor = anchor;
    frame.first_count = count_;
    stack_.push_back(std::move(frame));
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    const std::size_t inside = count_ - frame.first_count;
    if (frame.anchor != 0) anchors_[frame.anchor] = {frame.node, inside + 1};
    place(std::move(frame.node), 0);
  }

  void place(Node node, YAML::anchor_t anchor) {
    count(1, 0);
    if (anchor != 0) anchors_[anchor] = {node, 1};
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.node.kind == Kind::list) {
      frame.node.items.push_back(std::move(node));
      return;
    }
    if (!frame.duplicate) frame.node.entries.push_back({std::move(frame.key), frame.key_at, std::move(node)});
    frame.has_key = false;
  }

  const std::vector<Leaf>& leaves_;
  const Places& places_;
  std::string_view file_;
  model::Diagnostics& diagnostics_;
  std::size_t next_ = 0;
  std::size_t count_ = 0;
  int documents_ = 0;
  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  Node root_;
};

std::optional<Refusal> build(std::string_view clean, const Places& places, const Scan& scanned, std::string_view file, Document& out) {
  const std::string text = without_question_marks(std::string(clean), scanned.leaves);
  ViewBuffer buffer(text);
  std::istream stream(&buffer);
  Builder builder(scanned.leaves, places, file, out.diagnostics);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    if (!builder.complete()) {
      return Refusal{"SB0104", text.size(), "this can be read in two ways", "write it in a simpler form"};
    }
    out.root = builder.take_root();
  } catch (const Stop& stopped) {
    return stopped.refusal;
  } catch (const YAML::Exception& e) {
    const std::size_t at = e.mark.pos < 0 ? 0 : static_cast<std::size_t>(e.mark.pos);
    if (at < text.size() && text[at] == '\t') return Refusal{"SB0104", at, "a line holds nothing but a tab", "delete the tab"};
    return Refusal{"SB0101", e.mark.pos < 0 ? 0 : static_cast<std::size_t>(e.mark.pos), "not valid YAML: " + e.msg,
                   "check indentation, colons and quotes"};
  }
  return std::nullopt;
}

}  // namespace

std::string_view describe(Kind k) noexcept {
  switch (k) {
    case Kind::null: return "nothing";
    case Kind::boolean: return "a boolean";
    case Kind::number: return "a number";
    case Kind::string: return "a text";
    case Kind::list: return "a list";
    case Kind::map: return "a map";
  }
  return "a value";
}

const Entry* Node::find(std::string_view key) const {
  for (const Entry& e : entries)
    if (e.key == key) return &e;
  return nullptr;
}

Document read(std::string_view text, std::string_view file) {
  Document out;
  const auto refuse = [&](const Refusal& r, Position at) {
    out.root.reset();
    out.diagnostics.push_back({r.rule, model::Severity::error, std::string(file), at, "", r.message, r.hint, {}});
  };
  if (text.size() > limits::file_bytes) {
    refuse({"SB0103", 0, "the file has " + std::to_string(text.size()) + " bytes; at most " + std::to_string(limits::file_bytes) + " are allowed",
            "split it"},
           {1, 1});
    return out;
  }
  const std::string clean = with_line_feeds(text);
  const Places places(clean);
  if (const auto problem = check_characters(clean)) {
    refuse(*problem, places.at(problem->offset));
    return out;
  }
  const Scan scanned = scan(clean);
  if (scanned.refusal) {
    refuse(*scanned.refusal, places.at(scanned.refusal->offset));
    return out;
  }
  if (!scanned.has_content) {
    refuse({"SB0104", 0, "the file is empty", "begin with `switchboard: 1`"}, {1, 1});
    return out;
  }
  if (const auto problem = build(clean, places, scanned, file, out)) refuse(*problem, places.at(problem->offset));
  return out;
}

}  // namespace switchboard::notation::yaml
