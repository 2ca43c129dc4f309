"""The loudspeaker: what is played, and by what."""
