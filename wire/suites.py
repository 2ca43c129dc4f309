"""Which cipher suites our servers offer under TLS 1.2: one list, in each server's own words.

Only suites with forward secrecy and authenticated encryption (RFC 9325, section 4.2). Those of
TLS 1.3 are all of this kind, and are left to the libraries.
"""

OPENSSL = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""For Mosquitto and for Python: enrolment, and the terminal's own endpoint."""

GO = (
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
)
"""For NATS, and for our keys, which are P-256."""

GO_CURVES = ("X25519", "CurveP256")
