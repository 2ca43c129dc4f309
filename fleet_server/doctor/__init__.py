"""What is wrong in an installation, one check in each module; see README.md."""
