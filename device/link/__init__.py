"""The way to the server: TLS, MQTT, and what goes through."""
