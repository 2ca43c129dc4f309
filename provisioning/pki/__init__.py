"""Keys, certificates, revocation lists and the key list of a fleet."""
