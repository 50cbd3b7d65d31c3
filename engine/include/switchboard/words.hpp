// The enumerations of answers and questions (records.hpp), and the words that stand for their values at every door.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace switchboard {

enum class CaseState : std::uint8_t { active, suspended, completed, cancelled };
enum class WorkKind : std::uint8_t { user, service, send };
enum class WorkState : std::uint8_t { offered, claimed, waiting_retry, failed, completed, withdrawn, suspended };
enum class ClockState : std::uint8_t { running, paused, met, cancelled };
enum class BusinessUnit : std::uint8_t { bd, bh, h };
enum class OutboxKind : std::uint8_t { feedback, escalation, message, incident };
enum class OutboxState : std::uint8_t { waiting, delivered, failed, dropped };
/// What the adapter hears of something that it has told: it arrived, it cannot arrive, it was read, it was signed for.
enum class ReceiptKind : std::uint8_t { delivered, failed, read, signed_for };
/// Of a message that is kept, and what becomes of it when its time is over.
enum class MessageState : std::uint8_t { waiting, incident, dropped };
enum class MessageEnd : std::uint8_t { incident, discard };
/// Sorts of names that definitions use; `search`: of data that cases are found by; of calendars, those that were changed and that open cases have
/// still to follow.
enum class NameKind : std::uint8_t { clock, message, signal, pending_calendar, search };
/// What an operator can do to a clock. `annul` is written "void".
enum class ClockChange : std::uint8_t { extend, annul, pause, resume };
/// How cases follow a calendar that becomes another: as it changed (other opening hours from now on, other days for the whole time of a promise), all
/// counted again, or only what is left counted on it from now on.
enum class CalendarChange : std::uint8_t { as_changed, recount, from_now };

/// The words of an enumeration in the order of its values, as every door writes them. `zh`: of some, how the tables of the command line show them in
/// Chinese.
template <class E>
struct WordsOf;
template <>
struct WordsOf<CaseState> {
  static constexpr std::string_view name = "CaseState";
  static constexpr std::array<std::string_view, 4> all{"active", "suspended", "completed", "cancelled"};
  static constexpr std::array<std::string_view, 4> zh{"办理中", "已挂起", "已办结", "已取消"};
};
template <>
struct WordsOf<WorkKind> {
  static constexpr std::string_view name = "WorkKind";
  static constexpr std::array<std::string_view, 3> all{"user", "service", "send"};
};
template <>
struct WordsOf<WorkState> {
  static constexpr std::string_view name = "WorkState";
  static constexpr std::array<std::string_view, 7> all{"offered", "claimed", "waiting_retry", "failed", "completed", "withdrawn", "suspended"};
  static constexpr std::array<std::string_view, 7> zh{"待认领", "办理中", "待重试", "失败", "已完成", "已撤回", "已挂起"};
};
template <>
struct WordsOf<ClockState> {
  static constexpr std::string_view name = "ClockState";
  static constexpr std::array<std::string_view, 4> all{"running", "paused", "met", "cancelled"};
  static constexpr std::array<std::string_view, 4> zh{"计时中", "已暂停", "已达成", "已取消"};
};
template <>
struct WordsOf<BusinessUnit> {
  static constexpr std::string_view name = "BusinessUnit";
  static constexpr std::array<std::string_view, 3> all{"bd", "bh", "h"};
};
template <>
struct WordsOf<OutboxKind> {
  static constexpr std::string_view name = "OutboxKind";
  static constexpr std::array<std::string_view, 4> all{"feedback", "escalation", "message", "incident"};
};
template <>
struct WordsOf<OutboxState> {
  static constexpr std::string_view name = "OutboxState";
  static constexpr std::array<std::string_view, 4> all{"waiting", "delivered", "failed", "dropped"};
  static constexpr std::array<std::string_view, 4> zh{"待送达", "已送达", "失败", "已放弃"};
};
template <>
struct WordsOf<ReceiptKind> {
  static constexpr std::string_view name = "ReceiptKind";
  static constexpr std::array<std::string_view, 4> all{"delivered", "failed", "read", "signed"};
  static constexpr std::array<std::string_view, 4> zh{"已送达", "未送达", "已阅", "已签收"};
};
template <>
struct WordsOf<MessageState> {
  static constexpr std::string_view name = "MessageState";
  static constexpr std::array<std::string_view, 3> all{"waiting", "incident", "dropped"};
  static constexpr std::array<std::string_view, 3> zh{"保留中", "异常", "已放弃"};
};
template <>
struct WordsOf<MessageEnd> {
  static constexpr std::string_view name = "MessageEnd";
  static constexpr std::array<std::string_view, 2> all{"incident", "discard"};
  static constexpr std::array<std::string_view, 2> zh{"报异常", "丢弃"};
};
template <>
struct WordsOf<ClockChange> {
  static constexpr std::string_view name = "ClockChange";
  static constexpr std::array<std::string_view, 4> all{"extend", "void", "pause", "resume"};
};
template <>
struct WordsOf<CalendarChange> {
  static constexpr std::string_view name = "CalendarChange";
  static constexpr std::array<std::string_view, 3> all{"as_changed", "recount", "from_now"};
};
template <>
struct WordsOf<NameKind> {
  static constexpr std::string_view name = "NameKind";
  static constexpr std::array<std::string_view, 5> all{"clock", "message", "signal", "pending_calendar", "search"};
};

template <class E>
concept Worded = requires {
  WordsOf<E>::all.size();
};

/// The word of a value: "active".
template <Worded E>
[[nodiscard]] constexpr std::string_view to_string(E value) {
  return WordsOf<E>::all[static_cast<std::size_t>(value)];
}
/// The value of a word; nothing when the enumeration has no such word.
template <Worded E>
[[nodiscard]] constexpr std::optional<E> parse_word(std::string_view word) {
  for (std::size_t i = 0; i < WordsOf<E>::all.size(); ++i) {
    if (WordsOf<E>::all[i] == word) return static_cast<E>(i);
  }
  return std::nullopt;
}

}  // namespace switchboard
