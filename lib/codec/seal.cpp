#include "codec/seal.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <span>

#include "codec/limits.hpp"
#include "codec/words.hpp"
#include "core/mentions.hpp"

namespace parley::codec {
namespace {

constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
static_assert(kSealBytes == kNonceBytes + kTagBytes);

// What OpenSSL can only refuse when it is broken or out of memory.
void must(int done) {
  if (done != 1) std::abort();
}

const std::uint8_t* bytes_of(std::string_view text) { return reinterpret_cast<const std::uint8_t*>(text.data()); }
std::uint8_t* bytes_of(std::string& text) { return reinterpret_cast<std::uint8_t*>(text.data()); }

// Random bytes are fetched many at once: a fetch costs more than sealing.
void fill_nonce(std::uint8_t* nonce) {
  thread_local std::array<std::uint8_t, 256 * kNonceBytes> pool;
  thread_local std::size_t used = pool.size();
  if (used == pool.size()) {
    must(RAND_bytes(pool.data(), static_cast<int>(pool.size())));
    used = 0;
  }
  std::copy_n(pool.data() + used, kNonceBytes, nonce);
  used += kNonceBytes;
}

// One thread's use of AES-256-GCM.
class Cipher {
 public:
  static Cipher& of_this_thread() {
    thread_local Cipher cipher;
    return cipher;
  }

  // `out` has room for `in` and the tag behind it.
  void encrypt(const BodyKey& key, const std::uint8_t* nonce, const core::Command& about, std::string_view in,
               std::uint8_t* out) {
    begin(key, nonce, about, 1);
    int length = 0;
    must(EVP_EncryptUpdate(context_.get(), out, &length, bytes_of(in), static_cast<int>(in.size())));
    must(EVP_EncryptFinal_ex(context_.get(), out + length, &length));
    must(EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, out + in.size()));
  }
  // `in` with its tag behind it. False: it was not sealed so.
  bool decrypt(const BodyKey& key, const std::uint8_t* nonce, const core::Command& about, std::string_view in,
               std::string& out) {
    begin(key, nonce, about, 0);
    auto tag = std::string(in.substr(in.size() - kTagBytes));
    out.resize(in.size() - kTagBytes);
    int length = 0;
    must(EVP_DecryptUpdate(context_.get(), bytes_of(out), &length, bytes_of(in), static_cast<int>(out.size())));
    must(EVP_CIPHER_CTX_ctrl(context_.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()));
    return EVP_DecryptFinal_ex(context_.get(), bytes_of(out) + length, &length) == 1;
  }

 private:
  Cipher()
      : cipher_(EVP_CIPHER_fetch(nullptr, "AES-256-GCM", nullptr), EVP_CIPHER_free),
        context_(EVP_CIPHER_CTX_new(), EVP_CIPHER_CTX_free) {
    if (cipher_ == nullptr || context_ == nullptr) std::abort();
    must(EVP_CipherInit_ex2(context_.get(), cipher_.get(), nullptr, nullptr, 1, nullptr));
  }
  void begin(const BodyKey& key, const std::uint8_t* nonce, const core::Command& about, int encrypt) {
    // Naming the cipher again would make the context anew.
    must(EVP_CipherInit_ex2(context_.get(), nullptr, key.seal.data(), nonce, encrypt, nullptr));
    for (const std::string_view part : {about.id.bytes(), std::string_view(about.user.text)}) {
      int length = 0;
      must(EVP_CipherUpdate(context_.get(), nullptr, &length, bytes_of(part), static_cast<int>(part.size())));
    }
  }

  std::unique_ptr<EVP_CIPHER, decltype(&EVP_CIPHER_free)> cipher_;
  std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)> context_;
};

}  // namespace

BodyKey BodyKey::make() {
  std::array<std::uint8_t, kSecretBytes> secret;
  must(RAND_bytes(secret.data(), secret.size()));
  return from_secret(0, secret);
}

BodyKey BodyKey::from_secret(std::uint64_t number, const std::array<std::uint8_t, kSecretBytes>& secret) {
  BodyKey key{.number = number};
  std::copy_n(secret.begin(), key.seal.size(), key.seal.begin());
  std::copy_n(secret.begin() + key.seal.size(), key.hash.size(), key.hash.begin());
  return key;
}

std::array<std::uint8_t, BodyKey::kSecretBytes> BodyKey::secret() const {
  std::array<std::uint8_t, kSecretBytes> secret;
  std::ranges::copy(hash, std::ranges::copy(seal, secret.begin()).out);
  return secret;
}

bool has_words(const core::Payload& payload) {
  return std::holds_alternative<core::PostMessage>(payload) || std::holds_alternative<core::EditMessage>(payload) ||
         std::holds_alternative<core::SetProfile>(payload) || std::holds_alternative<core::CreateAccount>(payload);
}

void seal(core::Command& command, const BodyKey& key) {
  if (auto* post = std::get_if<core::PostMessage>(&command.payload)) post->mentions = core::mentions_in(post->text);
  if (auto* edit = std::get_if<core::EditMessage>(&command.payload)) edit->mentions = core::mentions_in(edit->text);
  const auto words = encode_words(command.payload);
  auto& [number, bytes] = command.sealed;
  number = key.number;
  bytes.resize(kSealBytes + words.size());
  fill_nonce(bytes_of(bytes));
  Cipher::of_this_thread().encrypt(key, bytes_of(bytes), command, words, bytes_of(bytes) + kNonceBytes);
}

bool open(core::Command& command, const BodyKey& key) {
  const std::string_view bytes = command.sealed.bytes;
  if (bytes.size() <= kSealBytes) return false;
  std::string words;
  if (!Cipher::of_this_thread().decrypt(key, bytes_of(bytes), command, bytes.substr(kNonceBytes), words)) return false;
  if (!put_words(words, command.payload)) return false;
  command.sealed = {};
  return true;
}

void forget_words(core::Command& command) {
  drop_words(command.payload);
  command.sealed = {};
  command.erased = true;
}

}  // namespace parley::codec
