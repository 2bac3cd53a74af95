"""An issuer of tokens: its keys, the tokens that they sign, and the address where it publishes them."""

import hashlib
import hmac
import json
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

from harness.tokens import part


class SigningKey:
    """Of one algorithm, RS256 or ES256, under the name `kid`."""

    def __init__(self, kid, algorithm="ES256", bits=2048):
        self.kid = kid
        self.algorithm = algorithm
        self.private = ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else rsa.generate_private_key(65537, bits)

    def jwk(self, **more):
        numbers = self.private.public_key().public_numbers()
        told = {"kid": self.kid, "use": "sig", "alg": self.algorithm}
        if self.algorithm == "ES256":
            told |= {"kty": "EC", "crv": "P-256", "x": part(numbers.x.to_bytes(32, "big")), "y": part(numbers.y.to_bytes(32, "big"))}
        else:
            told |= {"kty": "RSA", "n": part(numbers.n.to_bytes(-(-numbers.n.bit_length() // 8), "big")), "e": part(numbers.e.to_bytes(3, "big"))}
        return told | more

    def pem(self):
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def signature(self, text: bytes, der=False):
        if self.algorithm == "RS256":
            return self.private.sign(text, padding.PKCS1v15(), hashes.SHA256())
        signature = self.private.sign(text, ec.ECDSA(hashes.SHA256()))
        return signature if der else b"".join(number.to_bytes(32, "big") for number in decode_dss_signature(signature))

    def token(self, claims, der=False, **header):
        """A header field that is None is left out. Claims may be bytes, as they are to be."""
        told = {"alg": self.algorithm, "typ": "JWT", "kid": self.kid, **header}
        text = f"{part({k: v for k, v in told.items() if v is not None})}.{part(claims)}"
        return f"{text}.{part(self.signature(text.encode(), der))}"


def forged_with_secret(claims, secret: bytes, **header):
    """HS256 with something public for a secret."""
    text = f"{part({'alg': 'HS256', **header})}.{part(claims)}"
    return f"{text}.{part(hmac.new(secret, text.encode(), hashlib.sha256).digest())}"


class JwksServer:
    """Publishes `keys`; counts who asks. It can be taken away and put back on the same port, be slow, or tell nonsense."""

    def __init__(self, *keys, tls=None):
        self.keys = list(keys)
        self.body = None  # instead of the keys
        self.status = 200
        self.delay_s = 0.0
        self.asked = 0
        self._tls = tls
        self._server = None
        self.port = 0
        self.start()

    @property
    def url(self):
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/.well-known/jwks.json"

    def document(self):
        return self.body if self.body is not None else json.dumps({"keys": [key.jwk() for key in self.keys]}).encode()

    def start(self):
        self._server = ThreadingHTTPServer(("127.0.0.1", self.port), self._handler())
        if self._tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*self._tls)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_port
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def stop(self):
        if self._server:
            self._server.shutdown()
            self._server.server_close()
        self._server = None

    def _handler(self):
        issuer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.asked += 1
                time.sleep(issuer.delay_s)
                body = issuer.document()
                self.send_response(issuer.status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        return Handler
