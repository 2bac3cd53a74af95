#include "codec/decode_error.hpp"

#include <cstdlib>

namespace parley::codec {

std::string_view text(DecodeError e) {
  switch (e) {
    case DecodeError::NotProtobuf:
      return "the bytes are no Protobuf, or a string is not UTF-8";
    case DecodeError::NoPayload:
      return "there is no payload, or one that this program does not know";
    case DecodeError::BadId:
      return "an id is malformed, or not the one that its parts make";
    case DecodeError::BadStream:
      return "the stream is not the one that the payload names";
    case DecodeError::BadUser:
      return "a user id is malformed";
    case DecodeError::BadKey:
      return "the idempotency key is too long, or comes without its payload hash";
    case DecodeError::BadText:
      return "a text is empty, too long or has control characters";
    case DecodeError::BadNumber:
      return "a number is out of range";
    case DecodeError::BadTime:
      return "a time is out of range";
    case DecodeError::BadEnum:
      return "a kind or role is unknown";
    case DecodeError::BadJson:
      return "attachments or metadata are not the JSON that they should be";
    case DecodeError::BadShape:
      return "fields don't go together";
  }
  std::abort();
}

}  // namespace parley::codec
