// What adapters hear of the records that they have told: noted with the record, and told to its case when the feedback says by which message.
#include <fmt/format.h>

#include <algorithm>

#include "runtime/ids.hpp"
#include "runtime/post.hpp"
#include "runtime/requests.hpp"
#include "runtime/views.hpp"

namespace switchboard::runtime {

namespace {

/// Of what is known, the fields that the process declares for this message; all when it declares none.
Context declared_of(const model::ExecutableProcess& process, std::string_view message, const Context& known) {
  const auto declared = std::find_if(process.payloads.begin(), process.payloads.end(), [&](const auto& p) { return p.first == message; });
  if (declared == process.payloads.end() || declared->second.empty()) return known;
  Context payload;
  for (const auto& [name, type] : declared->second)
    if (const Value* value = known.find(name)) payload.set(name, *value);
  return payload;
}

}  // namespace

Result<OutboxInfo> Requests::receipt(std::string_view record, ReceiptKind kind, std::optional<Instant> at, std::string_view note,
                                     const Caller& caller) {
  SB_TRYV(check_reason(caller, note));
  const auto id = parse_record_id(record);
  if (!id)
    return Error{ErrorKind::usage, "SB0510", fmt::format("'{}' is no record of the outbox", record.substr(0, 64)), "",
                 fmt::format("give its number behind `o-`: o-{}",
                             record.empty() || record.find_first_not_of("0123456789") != std::string_view::npos ? "5" : record)};
  SB_TRY(const auto row, offices_.outbox.record(*id));
  SB_TRYV(check_organisation(row.instance, caller));
  SB_TRY(const Instant now, offices_.outbox.now());
  const store::Receipt receipt{std::string(to_string(kind)), at.value_or(now), std::string(note), caller.by};
  if (receipt.at > now || receipt.at < row.created)
    return Error{
        ErrorKind::usage, "SB0510",
        fmt::format("a receipt of {} is {}", to_string(receipt.at), receipt.at > now ? "of the future" : "older than what it is a receipt of"), "",
        "give the instant at which it happened, or none for now"};
  // First noted, then told: whoever repeats it does both, and each is done once.
  store::OutboxVerdict verdict{*id, false, {}};
  verdict.receipt = receipt;
  SB_TRYV(offices_.outbox.decide(std::move(verdict), {}, {}));
  SB_TRY(const auto after, offices_.outbox.record(*id));
  SB_TRYV(tell_receipt(after, receipt));
  return outbox_info(after);
}

/// Nobody has to wait for it. What is refused is told as trouble.
Result<void> Requests::tell_receipt(const store::OutboxRow& row, const store::Receipt& receipt) {
  if (row.kind != store::OutboxRow::Kind::feedback || !row.instance) return success();
  SB_TRY(const auto loaded, commands_.load(row.instance, true));
  if (!loaded) return success();
  const auto& all = loaded.process->feedback;
  const auto spec = std::find_if(all.begin(), all.end(), [&](const model::FeedbackSpec& f) { return f.id == row.name; });
  if (spec == all.end() || spec->receipt.empty()) return success();
  const Context* body = row.body.context();
  const Value* to = body == nullptr ? nullptr : body->find("to");
  const Context known{
      {"feedback", row.name},    {"record", record_id(row.id)},        {"key", row.key},      {"to", to == nullptr ? Value(row.customer) : *to},
      {"receipt", receipt.kind}, {"at", to_string(receipt.at, "UTC")}, {"note", receipt.note}};
  Context payload = declared_of(*loaded.process, spec->receipt, known);
  Post post(offices_, fmt::format("{}/receipt-{}", row.key, receipt.kind));
  SB_TRY(const bool done, post.is_done({}));
  if (done) return success();
  const auto taken = driver::Courier(post).message_to_case(spec->receipt, loaded.instance->case_no, Value(std::move(payload)));
  courier_.carry_out(std::move(post.errands));
  if (taken && taken.value() != driver::Taken::by_suspended) return success();
  const Error why = taken ? driver::suspended_waits(spec->receipt, fmt::format("in case '{}'", loaded.instance->case_no)) : taken.error();
  if (why.kind == ErrorKind::storage) return why;
  return offices_.outbox.report_trouble(row.instance, fmt::format("receipt '{}' of {}", receipt.kind, record_id(row.id)), why);
}

}  // namespace switchboard::runtime
