#include "property/block.hpp"

namespace switchboard::testing {
namespace {

/// Everything that can be left out of `b` at its top, or below it.
void offer(const Block& b, bool may_vanish, std::vector<Block>& out) {
  const bool parts_stay = b.kind == BlockKind::ad_hoc;  // they are activities, and counted
  if (may_vanish && b.kind != BlockKind::sequence && b.kind != BlockKind::error_end)
    for (const Block& part : b.parts) out.push_back(part);
  if (!b.undo.empty()) {
    Block less = b;
    less.undo.clear();
    out.push_back(std::move(less));
  }
  if (!b.late.empty()) {
    Block less = b;
    less.late.clear();
    out.push_back(std::move(less));
  }
  if (b.repeat != Repeat::no) {
    Block once = b;
    once.repeat = Repeat::no;
    once.planned = once.times = 1;
    out.push_back(std::move(once));
  }
  for (std::size_t i = 0; i < b.attachments.size(); ++i) {
    // What a body throws must be caught.
    if (is_thrown(b.attachments[i].trigger)) continue;
    Block less = b;
    less.attachments.erase(less.attachments.begin() + static_cast<std::ptrdiff_t>(i));
    out.push_back(std::move(less));
  }
  if (b.kind == BlockKind::sequence && b.parts.size() > 1)
    for (std::size_t i = 1; i < b.parts.size(); ++i) {  // the first task keeps a body alive
      const BlockKind k = b.parts[i].kind;
      if (k == BlockKind::error_end || k == BlockKind::terminate || k == BlockKind::raise) continue;
      Block less = b;
      less.parts.erase(less.parts.begin() + static_cast<std::ptrdiff_t>(i));
      out.push_back(std::move(less));
    }
  for (std::size_t i = 0; i < b.parts.size(); ++i) {
    std::vector<Block> inner;
    offer(b.parts[i], !parts_stay && b.parts[i].kind != BlockKind::sub_process, inner);
    for (Block& part : inner) {
      Block less = b;
      less.parts[i] = std::move(part);
      out.push_back(std::move(less));
    }
  }
  for (std::size_t i = 0; i < b.attachments.size(); ++i) {
    std::vector<Block> inner;
    offer(b.attachments[i].handler.front(), b.attachments[i].handler.front().kind != BlockKind::sub_process, inner);
    for (Block& part : inner) {
      Block less = b;
      less.attachments[i].handler.front() = std::move(part);
      out.push_back(std::move(less));
    }
    if (b.attachments[i].handler.front().kind != BlockKind::task) {
      Block less = b;
      Block task;
      task.number = b.attachments[i].handler.front().number;
      less.attachments[i].handler.front() = std::move(task);
      out.push_back(std::move(less));
    }
  }
}

}  // namespace

std::vector<Block> smaller(const Block& root) {
  std::vector<Block> all;
  offer(root, false, all);
  return all;
}

}  // namespace switchboard::testing
