"""Where the ticket being served is learned: the server, by way of the uplink's inbox."""
