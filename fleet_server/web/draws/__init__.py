"""The weekly draws: what is published of them, and what the witness said."""
