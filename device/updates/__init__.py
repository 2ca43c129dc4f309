"""Updates of the image: fetched and decided by the uplink, installed by a root side of its own."""
