// The format is https://sqlite.org/fileformat2.html, 4.
#include "store/wal_check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <fstream>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace switchboard::store {

namespace {

constexpr std::size_t log_header = 32;
constexpr std::size_t frame_header = 24;
constexpr std::uint32_t magic = 0x377f0682;  // the last bit says in which order the sums are made

using Byte = unsigned char;

std::uint32_t number(const Byte* at, bool big) {
  if (big) return std::uint32_t{at[0]} << 24 | std::uint32_t{at[1]} << 16 | std::uint32_t{at[2]} << 8 | at[3];
  return std::uint32_t{at[3]} << 24 | std::uint32_t{at[2]} << 16 | std::uint32_t{at[1]} << 8 | at[0];
}

struct Sum {
  std::uint32_t a = 0, b = 0;
  void add(const Byte* at, std::size_t size, bool big) {
    for (std::size_t i = 0; i + 8 <= size; i += 8) {
      a += number(at + i, big) + b;
      b += number(at + i + 4, big) + a;
    }
  }
  friend bool operator==(const Sum&, const Sum&) = default;
};

/// What a first look saw, to be compared with a second one.
struct Seen {
  std::array<Byte, log_header> header{};
  LogState state;
};

bool read(std::ifstream& file, Byte* into, std::size_t size) {
  file.read(reinterpret_cast<char*>(into), static_cast<std::streamsize>(size));  // NOLINT: bytes
  return static_cast<std::size_t>(file.gcount()) == size;
}

class Log {
 public:
  explicit Log(const std::string& path) : path_(path), file_(path + "-wal", std::ios::binary) {}

  Seen look() {
    Seen seen;
    if (!file_ || !read(file_, seen.header.data(), log_header)) return seen;
    if (const auto header = header_of(seen.header))
      frames(*header, false, seen.state);
    else
      look_behind_broken_header(seen);
    return seen;
  }

 private:
  struct Header {
    Sum sum;
    std::size_t page = 0;
  };
  using HeaderBytes = std::array<Byte, log_header>;

  /// Nothing when these bytes are no header that was written.
  std::optional<Header> header_of(const HeaderBytes& bytes) {
    const Byte* h = bytes.data();
    if ((number(h, true) & ~1U) != magic) return std::nullopt;
    big_ = (number(h, true) & 1U) != 0;
    Sum sum;
    sum.add(h, frame_header, big_);
    const std::uint32_t page = number(h + 8, true);
    if (sum != Sum{number(h + 24, true), number(h + 28, true)} || page < 512 || page > 65536) return std::nullopt;
    salts_ = {number(h + 16, true), number(h + 20, true)};
    return Header{sum, page};
  }

  /// One bit of the header fell over: which one, is shown by the frames that are sound behind what it was.
  void look_behind_broken_header(Seen& seen) {
    HeaderBytes bytes = seen.header;
    for (std::size_t bit = 0; bit < log_header * 8 && !seen.state.fault; ++bit) {
      const auto mask = static_cast<Byte>(1U << bit % 8);
      bytes[bit / 8] ^= mask;
      if (const auto header = header_of(bytes)) {
        file_.clear();
        file_.seekg(log_header);
        frames(*header, true, seen.state);
      }
      bytes[bit / 8] ^= mask;
    }
  }

  void frames(Header header, bool is_repaired, LogState& state) {
    auto& [sum, page] = header;
    std::vector<Byte> frame(frame_header + page);
    std::uint64_t first_bad = 0, ends = 0, behind = 0, sound = 0, last_end = 0, end_before = 0;
    bool is_torn = false;  // frames of another round among those of the first transaction behind
    for (std::uint64_t n = 1; read(file_, frame.data(), frame.size()); ++n) {
      const Byte* f = frame.data();
      const bool is_of_round = salts_ == std::array{number(f + 8, true), number(f + 12, true)};
      const bool is_end = number(f + 4, true) != 0;
      if (first_bad == 0) {
        sum.add(f, 8, big_);
        sum.add(f + frame_header, page, big_);
        if (is_of_round && sum == Sum{number(f + 16, true), number(f + 20, true)}) {
          behind = is_end ? 0 : behind + 1;
          sound += is_end ? 1 : 0;
          if (is_end) end_before = std::exchange(last_end, n);
          continue;
        }
        first_bad = n;
      }
      if (ends == 0) is_torn = is_torn || !is_nearly_of_round(f);
      if (n > first_bad && is_of_round && is_end) ++ends;
    }
    state.has_rest = is_repaired || first_bad != 0 || behind != 0;
    if (is_repaired) {
      if (sound != 0) state.fault = LogFault{0, sound + ends};
      return;
    }
    if (ends > (is_torn ? 1 : 0) && !was_never_published(first_bad, last_end, end_before)) state.fault = LogFault{first_bad, ends};
  }

  /// Whether what stands from the first bad frame on is the rest of a transaction that its writer wrote and, killed, did not publish, and that others
  /// were written over since. The index beside the log (-shm) has the last frame that was published; of the sound ones behind it one more such
  /// transaction is possible, more mean that the index is older than the log (after a power cut). An index that is missing, half written or of
  /// another round of the log tells nothing. https://sqlite.org/walformat.html, 2.1; numbers in native order.
  bool was_never_published(std::uint64_t first_bad, std::uint64_t last_end, std::uint64_t end_before) const {
    constexpr std::size_t copy = 48;
    constexpr bool is_big = std::endian::native == std::endian::big;
    std::array<Byte, 2 * copy> index{};
    std::ifstream file(path_ + "-shm", std::ios::binary);
    const Byte* i = index.data();
    if (!file || !read(file, index.data(), index.size()) || !std::equal(i, i + copy, i + copy)) return false;
    Sum sum;
    sum.add(i, copy - 8, is_big);
    const bool is_whole = sum == Sum{number(i + 40, is_big), number(i + 44, is_big)};
    const bool is_of_round = salts_ == std::array{number(i + 32, true), number(i + 36, true)};
    const std::uint64_t published = number(i + 16, is_big);
    return is_whole && is_of_round && first_bad > published && last_end >= published && end_before <= published;
  }

  /// A bit that fell over makes no other round of a frame; those have salts by chance.
  bool is_nearly_of_round(const Byte* frame) const {
    constexpr int fallen = 2;
    return std::popcount(salts_[0] ^ number(frame + 8, true)) + std::popcount(salts_[1] ^ number(frame + 12, true)) <= fallen;
  }

  std::string path_;
  std::ifstream file_;
  bool big_ = false;
  std::array<std::uint32_t, 2> salts_{};
};

}  // namespace

LogState examine_log(const std::string& path) {
  constexpr int looks = 5;
  constexpr std::chrono::milliseconds pause{10};
  Seen seen = Log(path).look();
  for (int i = 1; i < looks && seen.state.fault; ++i) {
    std::this_thread::sleep_for(pause);
    Seen again = Log(path).look();
    if (again.header == seen.header && again.state.fault == seen.state.fault && i > 1) return again.state;
    seen = std::move(again);
  }
  seen.state.fault.reset();
  return seen.state;
}

Error log_is_damaged(const std::string& path, const LogFault& fault) {
  return {
      ErrorKind::storage, "SB0618",
      fmt::format("the log beside the database ({}-wal) is not what was written {}: the last {} transaction{} would be dropped", path,
                  fault.frame == 0 ? "in its header" : fmt::format("at frame {}", fault.frame), fault.transactions,
                  fault.transactions == 1 ? "" : "s"),
      path,
      "copy the database with its -wal and -shm files, then restore the last backup; or open it with --accept-loss (accept_loss) to go on without "
      "these transactions"};
}

}  // namespace switchboard::store
