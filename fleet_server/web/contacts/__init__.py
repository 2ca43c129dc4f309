"""Contact data: noting it, taking consent back, and who looked."""
