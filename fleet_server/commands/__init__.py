"""One file per subcommand of hailong-fleet."""
