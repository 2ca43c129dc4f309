"""The signed journal onto a technician's stick."""
