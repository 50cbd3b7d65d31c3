// Every loop, depth and size has a bound. The bounds that users can meet are here, and documented in docs/operations.md.
#pragma once

#include <cstddef>

namespace switchboard::limits {

inline constexpr std::size_t file_bytes = 4u << 20;          ///< a file of any kind, YAML or XML
inline constexpr std::size_t yaml_depth = 64;                ///< nesting of collections in a file
inline constexpr std::size_t yaml_nodes = 200'000;           ///< nodes of a file after alias expansion
inline constexpr std::size_t xml_depth = 128;                ///< nesting of elements in an XML file
inline constexpr std::size_t xml_elements = 50'000;          ///< elements of an XML file
inline constexpr std::size_t expression_bytes = 64u << 10;   ///< text of one FEEL expression
inline constexpr std::size_t expression_depth = 200;         ///< nesting of one FEEL expression
inline constexpr std::size_t evaluation_steps = 10'000'000;  ///< evaluation steps of one FEEL expression
inline constexpr std::size_t evaluation_depth = 256;         ///< nested function calls of one FEEL evaluation
inline constexpr std::size_t value_bytes = 16u << 20;        ///< written bytes of one value, wherever it comes from
inline constexpr std::size_t value_depth = 128;              ///< nesting of lists and contexts of one value, wherever it comes from
inline constexpr std::size_t step_events = 10'000;           ///< events that one command may cause in one instance
inline constexpr std::size_t step_events_of_one = 100;       ///< that many more for each instance of a multi-instance activity, until
inline constexpr std::size_t step_events_most = 2'000'000;   ///< so many are allowed
inline constexpr std::size_t step_moves_of_one = 2'500;      ///< tokens that one command may move inside one of those instances
inline constexpr std::size_t instances = 100'000;            ///< instances of one multi-instance activity
inline constexpr std::size_t activations = 250'000;          ///< activations of one case that the instances of a further activity may lead to
inline constexpr std::size_t instance_bytes = 64u << 20;     ///< written bytes of one case: its data, open work and all else it is made of
inline constexpr std::size_t step_bytes = 64u << 20;         ///< written bytes of the events that one command may cause in one instance
inline constexpr std::size_t name_bytes = 200;               ///< a case number, id, key, name of a person, group or thing
inline constexpr std::size_t prose_bytes = 4'000;            ///< a reason, a note, the message of a failure
inline constexpr std::size_t timers_at_once = 1'000;         ///< timers of one case that lead from one to the next, each due when it is set
inline constexpr std::size_t call_depth = 32;                ///< nested call activities

}  // namespace switchboard::limits
