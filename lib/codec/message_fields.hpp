// What a new message is made of, in the body of HTTP and in a frame alike. Inside lib/codec only.
#pragma once

#include "codec/client_fields.hpp"

namespace parley::codec {

inline void take_message_fields(ClientFields& fields, core::PostMessage& post) {
  post.text = fields.text("text", wrong_with_text);
  post.reply_to = fields.optional_seq("reply_to").value_or(core::Seq{});
  post.attachments = fields.optional_json("attachments", JsonValue::Kind::Array, wrong_with_attachments);
  post.metadata = fields.optional_json("metadata", JsonValue::Kind::Object, wrong_with_metadata);
}

}  // namespace parley::codec
