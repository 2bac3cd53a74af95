"""What answers look like: the fields and the kinds of text of protocol.md."""

import re

UUID8 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")

USER = {"id", "name", "avatar_url", "created_at", "number"}
WORKSPACE = {"id", "name", "owner", "created_at", "version"}
MEMBER = {"user_id", "role", "joined_at"}
CHANNEL = {
    *{"id", "kind", "workspace_id", "name", "topic", "created_by", "created_at", "last_seq", "version", "member_count"},
    *{"archived", "metadata", "open", "number"},
}
MESSAGE = {
    *{"channel_id", "seq", "version", "author", "text", "posted_at", "edited_at", "retracted", "reply_to", "reply_count"},
    *{"reactions", "pinned", "attachments", "metadata", "mentions", "number"},
}
PAGE = {"messages", "has_more", "has_before", "has_after", "last_seq", "version"}


def has(item, fields):
    assert fields <= item.keys(), f"missing: {fields - item.keys()} in {item}"
    return item


def is_id(text):
    assert UUID8.fullmatch(text), text
    return text


def is_time(text):
    assert TIME.fullmatch(text), text
    return text
