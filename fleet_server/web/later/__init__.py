"""The page on which a ticket is rated later."""
