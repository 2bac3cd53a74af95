// What a person wrote in a command, as the bytes that are sealed (Words, schemas/parley/v1/command.proto).
//
// Concurrency: pure functions, any thread.
#pragma once

#include <string>
#include <string_view>

#include "core/command.hpp"

namespace parley::codec {

// Empty: the payload has no words of a person's.
std::string encode_words(const core::Payload& payload);
// Puts the words into the payload. False: they are not what a client may write there; then the payload is as it was. Total.
bool put_words(std::string_view bytes, core::Payload& payload);
// A payload as encode_words() leaves it out: without any.
void drop_words(core::Payload& payload);

}  // namespace parley::codec
