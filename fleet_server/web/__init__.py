"""The pages of the fleet, and the interface for other systems under ``api``."""
