"""A machine made ready for the fleet's processes, and looked at; see README.md."""
