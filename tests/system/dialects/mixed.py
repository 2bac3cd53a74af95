"""One conversation that several systems' clients have with each other: what of it each of them must have heard and be told."""

from datetime import datetime, timezone

POSTED, EDITED, RETRACTED = "message_posted", "message_edited", "message_retracted"


def iso(number):
    """A message's number, which is its time in milliseconds, as a text."""
    return datetime.fromtimestamp(number // 1000, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S") + f".{number % 1000:03}Z"


class Conversation:
    """`events`: the channel's changes, as a native socket heard them; `messages`: its native history."""

    def __init__(self, channel, events, messages):
        self.channel = channel
        self.events = [event for event in events if event["type"] in (POSTED, EDITED, RETRACTED)]
        self.messages = messages
        self.posted = [event["message"] for event in self.events if event["type"] == POSTED]

    def is_whole(self, wrote):
        """Natively it is what was written: nothing twice, nothing missing. `wrote`: texts, and what became of them, in how many changes."""
        assert sorted(each["text"] for each in self.posted) == sorted(line["text"] for line in wrote)
        assert [each["seq"] for each in self.posted] == [each["seq"] for each in self.messages]
        assert [each["seq"] for each in self.messages] == list(range(1, len(wrote) + 1))
        now = {line["text"]: line["now"] for line in wrote}
        for posted, message in zip(self.posted, self.messages):
            assert (posted["author"], posted["number"]) == (message["author"], message["number"])
            assert now[posted["text"]] == (None if message["retracted"] else message["text"]), message
        assert len(self.events) == len(wrote) + sum(line["changes"] for line in wrote)

    # --- what came over a client's socket, which hears other conversations, too
    def heard(self, talker, frames):
        getattr(self, f"heard_{talker.dialect}")(talker, frames)

    def heard_slack_clone(self, talker, frames):
        """In a channel everything; of a direct one what the other has said."""
        if self.channel["kind"] == "direct":
            frames = [frame for frame in frames if "receiver" in frame]
            said = [each for each in self.posted if each["author"] != talker.user.id]
            expected = [(each["author"], talker.user.id, each["text"]) for each in said]
            assert [(frame["sender"], frame["receiver"], frame["message"]) for frame in frames] == expected
            return
        frames = [frame for frame in frames if frame.get("channel_id") == self.channel["id"]]
        assert {frame["workspace_id"] for frame in frames} == {self.channel["workspace_id"]}
        assert [(frame["sender"], frame["message"], milliseconds(frame)) for frame in frames] == [
            (each["author"], each["text"], each["number"]) for each in self.posted
        ]

    def heard_room_chat(self, talker, frames):
        """New messages, edits and deletions."""
        frames = [frame for frame in frames if frame.get("action") == "onMessage"]
        expected = [(event["type"], event["message"]) for event in self.events]
        assert [shown_in_room(frame) for frame in frames] == [
            (each["author"], None if type == RETRACTED else each["text"], iso(each["number"])) for type, each in expected
        ]
        for frame, (type, _) in zip(frames, expected):
            assert type != POSTED or frame["modifiedAt"] == frame["postedAt"]

    def heard_pagenow(self, talker, frames):
        frames = [frame for frame in frames if frame.get("conversationId") == self.channel["id"] and frame["type"] == "new-message"]
        assert [shown_in_pagenow(frame) for frame in frames] == [
            (self.channel["id"], each["author"], each["text"], iso(each["number"])) for each in self.posted
        ]
        assert len({frame["messageId"] for frame in frames}) == len(frames)

    def heard_social_media(self, talker, frames):
        assert frames == [
            {"channelId": self.channel["number"], "text": each["text"], "createdAt": iso(each["number"])} for each in self.posted
        ]

    # --- what a client is told when it asks
    def told(self, talker, history):
        getattr(self, f"told_{talker.dialect}")(talker, history)

    def told_slack_clone(self, talker, history):
        """Without what was retracted; of a direct one only what the user has said himself."""
        is_direct = self.channel["kind"] == "direct"
        there = [each for each in self.messages if not each["retracted"]]
        said = [each for each in there if each["author"] == talker.user.id] if is_direct else there
        times = [row["createdAt"] if is_direct else milliseconds(row) for row in history]
        assert [(row["sender"], row["message"], time) for row, time in zip(history, times)] == [
            (each["author"], each["text"], each["number"]) for each in said
        ]

    def told_room_chat(self, talker, history):
        assert [shown_in_room(frame) for frame in history] == [
            (each["author"], None if each["retracted"] else each["text"], iso(each["number"])) for each in self.messages
        ]

    def told_pagenow(self, talker, history):
        assert [shown_in_pagenow(row) for row in history] == [
            (self.channel["id"], each["author"], each["text"], iso(each["number"])) for each in self.messages
        ]

    def told_social_media(self, talker, history):
        there = [each for each in self.messages if not each["retracted"]]
        assert [(chat["id"], chat["text"], chat["channelId"]) for chat in history] == [
            (each["number"], each["text"], self.channel["number"]) for each in there
        ]
        senders = {(each["author"], chat["senderId"]) for each, chat in zip(there, history)}
        assert len(senders) == len({each["author"] for each in there}) == len({number for _, number in senders})


def milliseconds(row):
    return round(float(row["createdAt"]) * 1000)


def shown_in_room(frame):
    return frame["userId"], None if frame.get("isDeleted") else frame["message"], frame["postedAt"]


def shown_in_pagenow(row):
    return row["conversationId"], row["senderId"], row["content"], row["sentAt"]
