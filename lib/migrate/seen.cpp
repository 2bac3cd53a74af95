#include "migrate/seen.hpp"

#include "codec/command_codec.hpp"

namespace parley::migrate {
namespace {

// Of a slot's value: the lowest bit says that it is used.
constexpr int kKindShift = 1;
constexpr int kSaidShift = 3;
constexpr int kNumberShift = 4;
// Of the number of what may be said again: how often it was, above what it said last.
constexpr int kTimesShift = 32;
constexpr std::chrono::milliseconds kPollWait{500};
constexpr int kPatience = 60;  // polls in a row that bring nothing
constexpr std::size_t kBatch = 4096;

// What a creation makes; none: it is no creation.
std::optional<core::Uuid> thing_of(const core::Payload& payload) {
  if (const auto* create = std::get_if<core::CreateWorkspace>(&payload)) return create->workspace.uuid;
  if (const auto* create = std::get_if<core::CreateChannel>(&payload)) return create->channel.uuid;
  if (const auto* open = std::get_if<core::OpenDirect>(&payload)) return open->channel.uuid;
  return std::nullopt;
}

}  // namespace

Seen::Seen(Source source) : source_(std::move(source)), table_(kLeast) {
  for (int shift = 0; shift < 64; shift += 8) mark_.push_back(static_cast<char>(source_.gateway() >> shift & 0xFF));
}

std::expected<std::vector<eventlog::Offset>, std::string> Seen::read(eventlog::EventLog& log, std::uint32_t partitions) {
  const auto consumer = log.consumer();
  std::uint64_t left = 0;  // partitions that are not read to their end
  std::vector<eventlog::Offset> ends(partitions);
  std::vector<bool> is_read(partitions, true);
  for (std::uint32_t p = 0; p < partitions; ++p) {
    const auto end = log.end(p);
    if (!end) return std::unexpected("the log's end can't be read");
    ends[p] = *end;
    if (*end == 0) continue;
    is_read[p] = false;
    ++left;
    consumer->assign(p, 0);
  }
  for (int idle = 0; left > 0;) {
    const auto batch = consumer->poll(kPollWait, kBatch);
    if (!batch && batch.error() == eventlog::ReadError::Corrupt) return std::unexpected("the log has damaged bytes");
    if (!batch || !*batch) {
      if (++idle == kPatience) return std::unexpected("the log can't be read to its end");
      continue;
    }
    idle = 0;
    for (const auto& record : (*batch)->view()) see(record);
    const auto partition = (*batch)->partition;
    if (is_read[partition] || (*batch)->view().empty() || (*batch)->view().back().offset + 1 < ends[partition]) continue;
    is_read[partition] = true;
    --left;
  }
  return ends;
}

// The gateway is in the record's bytes as it is (a fixed64): what has it not, is not looked at any closer.
void Seen::see(const eventlog::Record& record) {
  if (record.value.find(mark_) == std::string::npos) return;
  const auto command = codec::decode_command(record.value);
  if (!command || command->origin.gateway != source_.gateway()) return;
  const auto hash = hash_in(*command);
  if (!contains(hash)) put(hash, {Place::Kind::Logged, record.offset});
  if (const auto thing = thing_of(command->payload)) made_.emplace(hash, *thing);
  const auto* create = std::get_if<core::CreateChannel>(&command->payload);
  const auto channel = source_.prefix() + "channel/";
  if (create == nullptr || !command->key.starts_with(channel) || command->key.contains('%')) return;
  // Who was in it from the beginning need not be brought in again, even if he has left since.
  for (const auto& user : create->members)
    put(hash_of(source_.key({"join", std::string_view(command->key).substr(channel.size()), user.text})),
        {Place::Kind::Logged, record.offset});
}

std::optional<Place> Seen::find(std::uint64_t hash) const {
  const auto& found = slot(hash);
  if (!found.is_used(hash)) return std::nullopt;
  return Place{static_cast<Place::Kind>((found.value >> kKindShift) & 3), found.value >> kNumberShift,
               ((found.value >> kSaidShift) & 1) != 0};
}

void Seen::put(std::uint64_t hash, Place place) {
  if ((size_ + 1) * 4 > table_.size() * 3) grow();
  auto& to = const_cast<Slot&>(slot(hash));  // NOLINT: ours
  if (to.value == 0) ++size_;
  to = {hash, place.number << kNumberShift | static_cast<std::uint64_t>(place.said) << kSaidShift |
                  static_cast<std::uint64_t>(place.kind) << kKindShift | 1};
}

Standing Seen::say(std::uint64_t hash) {
  const auto place = find(hash);
  if (place && place->said) return Standing::Doubled;
  put(hash, place ? Place{place->kind, place->number, true} : Place{Place::Kind::Sent, 0, true});
  return place ? Standing::There : Standing::New;
}

Seen::Time Seen::say_again(std::uint64_t hash, std::uint32_t content) {
  const auto place = find(hash);
  const auto standing = say(hash);
  const bool again = standing == Standing::Doubled;
  const auto times = again ? place->number >> kTimesShift : 0;
  if (again && static_cast<std::uint32_t>(place->number) == content) return {standing, times};
  put(hash, {Place::Kind::Sent, (times + 1) << kTimesShift | content, true});
  return {again ? Standing::New : standing, times + 1};
}

void Seen::undo(std::uint64_t hash) {
  if (const auto place = find(hash); place && place->said)
    put(hash, {place->kind, place->number >> kTimesShift << kTimesShift, true});
}

std::optional<core::Uuid> Seen::made(std::uint64_t hash) const {
  const auto found = made_.find(hash);
  return found == made_.end() ? std::nullopt : std::optional(found->second);
}

// The one that has it, else the one that it would get.
const Seen::Slot& Seen::slot(std::uint64_t hash) const {
  const auto mask = table_.size() - 1;
  auto at = hash & mask;
  while (table_[at].value != 0 && table_[at].hash != hash) at = (at + 1) & mask;
  return table_[at];
}

void Seen::grow() {
  std::vector<Slot> before(table_.size() * 2);
  before.swap(table_);
  for (const auto& each : before)
    if (each.value != 0) const_cast<Slot&>(slot(each.hash)) = each;  // NOLINT: ours
}

}  // namespace parley::migrate
