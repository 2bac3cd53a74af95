"""Tokens forged by hand, with whatever header and claims a test wants."""

import base64
import hashlib
import hmac
import json
import time


def part(data):
    raw = data if isinstance(data, bytes) else json.dumps(data).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def sign(claims, secret, algorithm="HS256", header=None):
    head = part({"alg": algorithm, "typ": "JWT", **(header or {})})
    body = f"{head}.{part(claims)}"
    hashes = {"HS256": hashlib.sha256, "HS384": hashlib.sha384, "HS512": hashlib.sha512}
    signature = hmac.new(secret.encode(), body.encode(), hashes[algorithm]).digest() if algorithm in hashes else b""
    return f"{body}.{part(signature)}"


def claims_for(user_id, lives_s=600, **more):
    now = int(time.time())
    return {"sub": user_id, "iat": now, "exp": now + lives_s, **more}
