"""The audit log: who changed or took away what."""
