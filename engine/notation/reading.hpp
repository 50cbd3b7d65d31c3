// From a checked tree to plain values. Everything here is lenient: what check_shape has reported is left out, never reported twice.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "feel/type.hpp"
#include "model/process.hpp"
#include "model/registers.hpp"
#include "notation/findings.hpp"
#include "notation/yaml.hpp"

namespace switchboard::notation {

/// The value under `key`, or nullptr when the key is missing or `map` is no map.
[[nodiscard]] const yaml::Node* value_at(const yaml::Node& map, std::string_view key);

[[nodiscard]] std::string text_of(const yaml::Node* node);
[[nodiscard]] std::vector<std::string> texts_of(const yaml::Node* node);
[[nodiscard]] model::Text label_of(const yaml::Node* node);
[[nodiscard]] model::Expr expression_of(const yaml::Node* node);
[[nodiscard]] model::Ref ref_of(const yaml::Node* node);
[[nodiscard]] std::vector<model::Ref> refs_of(const yaml::Node* node);  ///< an id or a list of ids
[[nodiscard]] bool flag_of(const yaml::Node* node, bool otherwise);
[[nodiscard]] std::vector<model::Mapping> mappings_of(const yaml::Node* node);
/// `unverified`: true, false or a text.
[[nodiscard]] std::string unverified_of(const yaml::Node* node);

/// A type of the language; reports SB0130 with the place when there is no such type.
[[nodiscard]] feel::Type type_of(const yaml::Node& node, const std::string& element, Findings& findings);

/// The literal `node` as a value of `type`; nullopt (and SB0131) when it is none.
[[nodiscard]] std::optional<Value> literal_of(const yaml::Node& node, const feel::Type& type, const std::string& type_text,
                                              const std::string& element, Findings& findings);
/// `=FEEL` as a default: the expression with its place; empty when it is a literal.
[[nodiscard]] model::Expr computed_default(const yaml::Node& node);
/// Without a type: by its YAML kind.
[[nodiscard]] Value natural_value(const yaml::Node& node);

[[nodiscard]] model::Trigger trigger_of(const yaml::Node* node);
[[nodiscard]] std::vector<model::EventDefinition> events_of(const yaml::Node& node, const std::string& element, Findings& findings);
[[nodiscard]] std::vector<model::ClockMark> marks_of(const yaml::Node* node, const std::string& element, Findings& findings);
[[nodiscard]] std::vector<model::Node> nodes_of(const yaml::Node* node, const std::string& element, Findings& findings);
/// `container`: path of the node whose data they are; empty for those of the process.
[[nodiscard]] std::vector<model::DataItem> data_of(const yaml::Node* node, const std::string& container, Findings& findings);
/// `registers:` of a process test or a scenario: register -> key -> field -> value.
[[nodiscard]] std::vector<model::GivenRow> rows_of(const yaml::Node* node);
[[nodiscard]] std::vector<model::ClockDefinition> clocks_of(const yaml::Node* node, Findings& findings);
[[nodiscard]] std::vector<model::FeedbackDefinition> feedback_of(const yaml::Node* node);

/// Reads the text, checks version, kind and shape. nullopt when there is no map to go on with.
enum class FileKind : std::uint8_t;
[[nodiscard]] std::optional<yaml::Node> open_file(std::string_view text, FileKind kind, Findings& findings);

/// The process that the keys of `root` describe, its names resolved.
[[nodiscard]] model::Process read_process(const yaml::Node& root, Findings& findings);

/// Names inside one process: SB0120 to SB0129.
void resolve_names(const model::Process& process, Findings& findings);

}  // namespace switchboard::notation
