// The shapes of all kinds of files: the table behind loader, JSON Schema and docs/language.md.
#pragma once

#include <deque>
#include <optional>
#include <string_view>

#include "notation/shape.hpp"

namespace switchboard::notation {

enum class FileKind : std::uint8_t { process, calendar, decision, overlay, test, scenario, collaboration, contract, organisations, registers };
[[nodiscard]] std::string_view to_string(FileKind k) noexcept;
[[nodiscard]] std::optional<FileKind> file_kind(std::string_view word) noexcept;

/// Immutable once made; the shapes live as long as it.
class Grammar {
 public:
  Grammar();
  Grammar(const Grammar&) = delete;
  Grammar& operator=(const Grammar&) = delete;

  /// nullptr for scenarios, which room `simulation` reads.
  [[nodiscard]] const Shape* file(FileKind kind) const;

 private:
  Shape& make(Form form, std::string_view title, std::string_view doc);
  const Shape* list_of(const Shape* element, std::string_view title);
  const Shape* map_of(const Shape* element, std::string_view title, std::string_view prefix, Form key_form);
  const Shape* either(std::string_view title, std::vector<const Shape*> options);
  const Shape* words(std::string_view title, std::vector<std::string_view> allowed);
  const Shape* whole(std::string_view title, std::int64_t least, std::int64_t most);

  /// Fields that several types of nodes have.
  struct NodeFields {
    Field multiple;
    Field all_of;
    Field interrupting;
    Field next;
    Field in;
    Field out;
  };

  void scalars();
  void events();
  void flows();
  void nodes();
  [[nodiscard]] std::vector<Field> definitions(std::initializer_list<std::string_view> wanted) const;
  NodeFields node_fields();
  void boundary(const NodeFields& f);
  std::vector<Field> activity(const NodeFields& f);
  void event_nodes(Shape& node, const NodeFields& f);
  void task_nodes(Shape& node, const std::vector<Field>& common);
  void gateway_nodes(Shape& node, const NodeFields& f);
  void container_nodes(Shape& node, const std::vector<Field>& common);
  void clocks();
  void data();
  void process();
  void collaboration();
  void contract();
  void registers();
  void calendar();
  void decision();
  void overlay();
  const Shape* expectation(const Shape* values, const Shape* paths);
  const Shape* step(const Shape* values, const Shape* expect);
  void test();
  void organisations();

  std::deque<Shape> all_;
  // Shapes used in more than one place.
  const Shape* any_ = nullptr;
  const Shape* one_ = nullptr;
  const Shape* text_ = nullptr;
  const Shape* label_ = nullptr;
  const Shape* id_ = nullptr;
  const Shape* name_ = nullptr;
  const Shape* expression_ = nullptr;
  const Shape* duration_ = nullptr;
  const Shape* boolean_ = nullptr;
  const Shape* path_ = nullptr;
  const Shape* id_or_ids_ = nullptr;
  const Shape* path_or_paths_ = nullptr;
  const Shape* texts_ = nullptr;
  const Shape* mapping_ = nullptr;
  const Shape* payload_ = nullptr;
  const Shape* trigger_ = nullptr;
  const Shape* unverified_ = nullptr;
  const Shape* event_ = nullptr;
  const Shape* next_ = nullptr;
  const Shape* boundary_ = nullptr;
  const Shape* nodes_ = nullptr;
  const Shape* sla_ = nullptr;
  const Shape* feedback_ = nullptr;
  const Shape* data_ = nullptr;
  const Shape* marks_ = nullptr;
  const Shape* process_ = nullptr;
  const Shape* calendar_ = nullptr;
  const Shape* decision_ = nullptr;
  const Shape* overlay_ = nullptr;
  const Shape* test_ = nullptr;
  const Shape* collaboration_ = nullptr;
  const Shape* contract_ = nullptr;
  const Shape* organisations_ = nullptr;
  const Shape* register_ = nullptr;
  const Shape* rows_ = nullptr;
};

/// The one grammar of this build.
[[nodiscard]] const Grammar& grammar();

}  // namespace switchboard::notation
