"""A whole fleet on one machine, made of the house's own commands and its public REST API."""
